// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/**
 * A server on a free port that speaks real WebSocket and HTTP and is told what to say.
 *
 * `onSocket(socket, path)` is called for each connection; a path in `resources` is answered with
 * that JSON. `isClosedToSockets` lets every upgrade fail, as a proxy does that knows none.
 */
export async function startFakeServer({ onSocket = () => undefined, resources = {} } = {}) {
  const server = createServer((request, response) => {
    const found = resources[request.url];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { detail: `no ${request.url}` }));
  });
  const sockets = new WebSocketServer({ noServer: true });
  const fake = {
    isClosedToSockets: false,
    /** Every path that asked for a WebSocket, also those turned away. */
    upgrades: [],
    /** What the clients sent, and how their connections ended. */
    received: [],
    closeCodes: [],
    openSockets: () => sockets.clients.size,
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  server.on('upgrade', (request, socket, head) => {
    fake.upgrades.push(request.url);
    if (fake.isClosedToSockets) {
      // The client may be gone before it has read the answer; an upgraded socket has no other reader.
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data) => fake.received.push(String(data)));
      client.on('close', (code) => fake.closeCodes.push(code));
      onSocket(client, request.url);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  fake.url = `http://127.0.0.1:${server.address().port}`;
  return fake;
}
