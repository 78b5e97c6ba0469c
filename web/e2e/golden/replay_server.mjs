// SPDX-License-Identifier: Apache-2.0
// Serves web/dist and answers as a recording says, always the same. Feeds send their first message and are
// quiet from then on.

import { createServer } from 'node:http';
import { sendFile } from '../mock_server.mjs';
import { acceptWebSocket } from '../mock_socket.mjs';
import { requestKey } from './recordings.mjs';

function send(response, { status, type, body, text }) {
  const bytes = Buffer.from(text ?? JSON.stringify(body));
  response.writeHead(status, {
    'content-type': type ?? 'application/json',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

/** Requests for the page itself, not for data. */
function isForPage(request) {
  const wants = request.headers['sec-fetch-dest'];
  return wants !== undefined && wants !== 'empty';
}

/** `missing` are the requests that the recording has no answer for. */
export function startReplayServer(recording) {
  const answers = new Map(recording.answers.map((answer) => [answer.request, answer]));
  const feeds = new Map(recording.feeds.map((feed) => [feed.path, feed.message]));
  const missing = new Set();
  const sockets = new Set();
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (isForPage(request)) return sendFile(response, url.pathname);
    const key = requestKey(request.method, url);
    const known = answers.get(key);
    if (known !== undefined) return send(response, known);
    missing.add(key);
    return send(response, { status: 404, body: { detail: 'not recorded' } });
  });
  server.on('upgrade', (request, socket) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const feed = acceptWebSocket(request, socket, () => sockets.delete(feed));
    sockets.add(feed);
    const greeting = feeds.get(pathname);
    if (greeting !== undefined) feed.send(greeting);
  });
  const handle = () => ({
    url: `http://127.0.0.1:${server.address().port}`,
    missing,
    close: () =>
      new Promise((closed) => {
        sockets.forEach((feed) => feed.close());
        server.closeAllConnections();
        server.close(closed);
      }),
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(handle()));
  });
}
