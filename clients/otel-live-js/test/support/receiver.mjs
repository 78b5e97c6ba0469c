// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Receives OTLP/HTTP JSON on a free port, unless one is given. `requests` holds what came, each with its path, headers
 * and parsed body; `answer(response, request)` replies, with success unless it is replaced.
 */
export async function startReceiver(port = 0) {
  const receiver = {
    requests: [],
    connections: 0,
    answer: (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    spans: () =>
      receiver.requests.flatMap(({ body }) =>
        body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
  };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece) => (text += piece));
    request.on('end', () => {
      const { url: path, headers } = request;
      const received = { path, headers, body: JSON.parse(text) };
      receiver.requests.push(received);
      receiver.answer(response, received);
    });
  });
  server.on('connection', () => (receiver.connections += 1));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  receiver.url = `http://127.0.0.1:${server.address().port}`;
  receiver.stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return receiver;
}
