// SPDX-License-Identifier: Apache-2.0
// As much of the WebSocket protocol (RFC 6455) as a feed needs: text out, small masked texts in.

import { createHash } from 'node:crypto';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const textFrame = 0x81;
const closeFrame = 0x88;

function makeFrame(head, payload) {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([head, length]), payload]);
  const size = Buffer.alloc(length < 65_536 ? 4 : 10);
  size[0] = head;
  size[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) size.writeUInt16BE(length, 2);
  else size.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([size, payload]);
}

/** The frames in the bytes, which must be masked and short, and what is left of the bytes. */
function takeFrames(bytes) {
  const frames = [];
  let rest = bytes;
  while (rest.length >= 6) {
    const length = rest[1] & 0x7f;
    if (length > 125) throw new Error('clients of the mock server send short messages only');
    if (rest.length < 6 + length) break;
    const mask = rest.subarray(2, 6);
    const payload = Buffer.from(rest.subarray(6, 6 + length).map((byte, i) => byte ^ mask[i % 4]));
    frames.push({ opcode: rest[0] & 0x0f, payload });
    rest = rest.subarray(6 + length);
  }
  return { frames, rest };
}

/** Answers the handshake. `send` takes a value to be sent as JSON; pings of the page are answered. */
export function acceptWebSocket(request, socket, onClose) {
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + magic)
    .digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const send = (value) => socket.write(makeFrame(textFrame, Buffer.from(JSON.stringify(value))));
  const close = () => socket.end(makeFrame(closeFrame, Buffer.from([0x03, 0xe9])));
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    const { frames, rest } = takeFrames(Buffer.concat([bytes, chunk]));
    bytes = rest;
    for (const { opcode, payload } of frames) {
      if (opcode === 8) close();
      else if (opcode === 1 && JSON.parse(payload).type === 'ping') send({ type: 'pong' });
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', onClose);
  return { send, close };
}
