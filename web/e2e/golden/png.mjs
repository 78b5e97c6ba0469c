// SPDX-License-Identifier: Apache-2.0
// Pictures as small PNG files with a palette: the commonest colours are exact, the others, of the edges of
// letters, at most a little off, which is far less than a comparison looks at.

import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';

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

/** The largest difference of a channel. */
function distance(left, right) {
  return Math.max(...left.map((value, channel) => Math.abs(value - right[channel])));
}

/** The palette, and for each colour the index of its nearest one. */
function makePalette(picture) {
  const palette = [];
  const indexOf = new Map();
  for (const [rank, colour] of countColours(picture).entries()) {
    const parts = channels(colour);
    const apart = palette.map((other) => distance(parts, other));
    const nearest = Math.min(...apart);
    const isKept = rank < exactColours || (nearest > nearEnough && palette.length < mostColours);
    indexOf.set(colour, isKept ? palette.push(parts) - 1 : apart.indexOf(nearest));
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

export const decodePicture = (bytes) => PNG.sync.read(bytes);
