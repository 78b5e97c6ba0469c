// SPDX-License-Identifier: Apache-2.0

// A minimal OTLP receiver that keeps what it is sent: HTTP (protobuf and JSON, plain or gzip) and
// gRPC over clear-text HTTP/2. It decodes nothing, so it can show what a client really emits
// without help from the server under test.
//
// As a program: node capture.mjs OUT_DIR [CLIENT...] runs the clients of clients.mjs against it and
// writes one file per client and signal, in the request's encoding. Bodies of several requests are
// appended: concatenated protobuf messages parse as their merge, JSON bodies get a line each.

import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { CLIENTS, runClient } from './clients.mjs';
import { startFakeProvider } from './fake_provider.mjs';

const GRPC_SIGNALS = { TraceService: 'traces', LogsService: 'logs', MetricsService: 'metrics' };
const GRPC_FRAME_HEADER_BYTES = 5;

async function readAll(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const listen = (server) =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });

function httpReceiver(keep) {
  return http.createServer(async (request, response) => {
    const raw = await readAll(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const type = request.headers['content-type'].split(';')[0];
    const isJson = type === 'application/json';
    keep({ signal: request.url.split('/').at(-1), encoding: isJson ? 'json' : 'otlp', body });
    response.writeHead(200, { 'content-type': type });
    response.end(isJson ? '{}' : Buffer.alloc(0));
  });
}

function grpcReceiver(keep) {
  const server = http2.createServer();
  server.on('stream', async (stream, headers) => {
    const raw = await readAll(stream);
    const message = raw.subarray(GRPC_FRAME_HEADER_BYTES);
    const body = raw[0] === 1 ? gunzipSync(message) : message;
    const service = headers[':path'].split('/')[1].split('.').at(-1);
    keep({ signal: GRPC_SIGNALS[service], encoding: 'otlp', body });
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(GRPC_FRAME_HEADER_BYTES));
  });
  return server;
}

/** Starts both receivers; `kept` grows with every request: `{signal, encoding, body}`. */
export async function startCapture() {
  const kept = [];
  const keep = (entry) => kept.push(entry);
  const servers = { http: httpReceiver(keep), grpc: grpcReceiver(keep) };
  const sessions = new Set();
  servers.grpc.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  const otlpHttp = `http://127.0.0.1:${await listen(servers.http)}`;
  const otlpGrpc = `http://127.0.0.1:${await listen(servers.grpc)}`;
  const close = async () => {
    for (const session of sessions) session.destroy();
    servers.http.closeAllConnections();
    await Promise.all(Object.values(servers).map((s) => new Promise((done) => s.close(done))));
  };
  return { kept, otlpHttp, otlpGrpc, close };
}

/** Stack traces name this directory: put a neutral path of the same length in its place. */
function scrubPath(body) {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const neutral = '/srv/agent-'.padEnd(here.length, 'x').slice(0, here.length);
  const text = body.toString('latin1').replaceAll(here, neutral);
  return Buffer.from(text, 'latin1');
}

async function captureClient(name, outDir) {
  const capture = await startCapture();
  const provider = await startFakeProvider();
  try {
    await runClient(name, {
      otlpHttp: capture.otlpHttp,
      otlpGrpc: capture.otlpGrpc,
      providerUrl: provider.url,
      sessionId: `session-${name}`,
    });
  } finally {
    await Promise.all([capture.close(), provider.close()]);
  }
  const files = new Map();
  for (const { signal, encoding, body } of capture.kept) {
    const file = signal === 'traces' ? `${name}.${encoding}` : `${name}.${signal}.${encoding}`;
    const separator = encoding === 'json' ? [Buffer.from('\n')] : [];
    files.set(file, [...(files.get(file) ?? []), scrubPath(body), ...separator]);
  }
  for (const [file, parts] of files) {
    const whole = Buffer.concat(parts);
    writeFileSync(path.join(outDir, file), whole);
    process.stdout.write(`${file} ${whole.length}\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [outDir, ...names] = process.argv.slice(2);
  if (!outDir) throw new Error('usage: node capture.mjs OUT_DIR [CLIENT...]');
  mkdirSync(outDir, { recursive: true });
  for (const name of names.length ? names : Object.keys(CLIENTS)) await captureClient(name, outDir);
}
