// SPDX-License-Identifier: Apache-2.0
// Pictures as small PNG files with a palette: the commonest colours are exact, the others, of the edges of
// letters, at most a little off, which is far less than a comparison looks at.

import { deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const mostColours = 256;
/** The commonest colours: of surfaces, lines and bars. */
const exactColours = 48;
/** How far a channel of another colour may be off. */
const nearEnough = 12;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crcOf(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = crcTable[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const head = Buffer.alloc(4);
  const tail = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crcOf(named));
  return Buffer.concat([head, named, tail]);
}

/** How many pixels have each colour, the commonest first. */
function countColours({ data }) {
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1]).map(([colour]) => colour);
}

const channels = (colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];

/** Where in the palette the nearest colour is, and the largest difference of a channel from it. */
function findNearest(palette, [red, green, blue]) {
  let nearest = { index: -1, apart: Infinity };
  for (let index = 0; index < palette.length; index++) {
    const [otherRed, otherGreen, otherBlue] = palette[index];
    const apart = Math.max(
      Math.abs(red - otherRed),
      Math.abs(green - otherGreen),
      Math.abs(blue - otherBlue),
    );
    if (apart < nearest.apart) nearest = { index, apart };
  }
  return nearest;
}

/** The palette, and for each colour the index of its nearest one. */
function makePalette(picture) {
  const palette = [];
  const indexOf = new Map();
  for (const [rank, colour] of countColours(picture).entries()) {
    const parts = channels(colour);
    const { index, apart } = findNearest(palette, parts);
    const isKept = rank < exactColours || (apart > nearEnough && palette.length < mostColours);
    indexOf.set(colour, isKept ? palette.push(parts) - 1 : index);
  }
  return { palette, indexOf };
}

function toRows({ data, width, height }, indexOf) {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, from = 0; y < height; y++)
    for (let x = 1; x <= width; x++, from += 4)
      rows[y * (width + 1) + x] = indexOf.get(
        (data[from] << 16) | (data[from + 1] << 8) | data[from + 2],
      );
  return rows;
}

/** The picture as a file. */
export function encodePicture(picture) {
  const { palette, indexOf } = makePalette(picture);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  // 8 bits for each pixel, which is an index into the palette.
  header.set([8, 3], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(toRows(picture, indexOf), { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Bytes of a pixel by the colour type of a file: true colour, palette, true colour with alpha. */
const pixelBytes = { 2: 3, 3: 1, 6: 4 };

function paeth(left, up, corner) {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Undoes the filter of a row in place; `before` is the row above it, `step` the bytes of a pixel. */
function unfilter(filter, row, before, step) {
  if (filter === 0) return;
  for (let at = 0; at < row.length; at++) {
    const left = at < step ? 0 : row[at - step];
    const up = before[at];
    if (filter === 1) row[at] += left;
    else if (filter === 2) row[at] += up;
    else if (filter === 3) row[at] += (left + up) >> 1;
    else row[at] += paeth(left, up, at < step ? 0 : before[at - step]);
  }
}

function readChunks(file) {
  const chunks = { IDAT: [] };
  for (let at = signature.length; at < file.length;) {
    const length = file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    if (name === 'IDAT') chunks.IDAT.push(data);
    else chunks[name] = data;
    at += length + 12;
  }
  return chunks;
}

/** The pixels of a file as this module and Chromium write them: 8 bits, not interlaced. */
export function decodePicture(file) {
  const { IHDR, PLTE, IDAT } = readChunks(file);
  const [width, height] = [IHDR.readUInt32BE(0), IHDR.readUInt32BE(4)];
  const step = pixelBytes[IHDR[9]];
  const bytes = inflateSync(Buffer.concat(IDAT));
  const data = Buffer.alloc(width * height * 4, 0xff);
  const rowBytes = width * step;
  let before = Buffer.alloc(rowBytes);
  for (let y = 0, to = 0; y < height; y++) {
    const start = y * (rowBytes + 1);
    const row = bytes.subarray(start + 1, start + 1 + rowBytes);
    unfilter(bytes[start], row, before, step);
    for (let at = 0; at < rowBytes; at += step, to += 4) {
      const source = step === 1 ? PLTE : row;
      const from = step === 1 ? row[at] * 3 : at;
      data[to] = source[from];
      data[to + 1] = source[from + 1];
      data[to + 2] = source[from + 2];
    }
    before = row;
  }
  return { width, height, data };
}
