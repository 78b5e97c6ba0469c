// SPDX-License-Identifier: Apache-2.0

// Runs the OpenTelemetry Collector between a client and the server: it receives OTLP/HTTP on a
// free port and forwards with the exporter under test.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const READY_DEADLINE_MS = 20_000;
const POLL_MS = 25;

const http = (encoding, compression) => ({
  exporter: 'otlphttp',
  config: (server) => ({ endpoint: server.otlpHttp, encoding, compression }),
});
const EXPORTERS = {
  'grpc-gzip': {
    exporter: 'otlp',
    config: (server) => ({
      endpoint: new URL(server.otlpGrpc).host,
      compression: 'gzip',
      tls: { insecure: true },
    }),
  },
  'http-gzip': http('proto', 'gzip'),
  'http-zstd': http('proto', 'zstd'),
  'http-json': http('json', 'none'),
};

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function waitUntilListening(port, child, log) {
  const deadline = Date.now() + READY_DEADLINE_MS;
  for (;;) {
    const connected = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (connected) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`the collector is not ready:\n${log()}`);
    }
    await delay(POLL_MS);
  }
}

/** @returns {Promise<{otlpHttp: string, stop: () => Promise<void>}>} */
export async function startCollector(binary, name, server) {
  const { exporter, config } = EXPORTERS[name];
  const port = await freePort();
  // No queue and no retry: the client is answered what the server answered.
  const direct = { sending_queue: { enabled: false }, retry_on_failure: { enabled: false } };
  const yaml = JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { [exporter]: { ...config(server), ...direct } },
    service: {
      pipelines: { traces: { receivers: ['otlp'], exporters: [exporter] } },
      telemetry: { metrics: { level: 'none' } },
    },
  });
  const child = spawn(binary, ['--config', `yaml:${yaml}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece) => {
      output = (output + piece).slice(-10_000);
    });
  }
  const stop = async () => {
    if (child.exitCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  };
  try {
    await waitUntilListening(port, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { otlpHttp: `http://127.0.0.1:${port}`, stop };
}
