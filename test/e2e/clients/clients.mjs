// SPDX-License-Identifier: Apache-2.0

// The clients under test, and how one is run: as a child process that learns through the standard
// OpenTelemetry variables where to send.

import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CLIENT_TIMEOUT_MS = 60_000;

export const CLIENTS = {
  'otel-js-grpc': { script: 'otel_sdk.mjs', protocol: 'grpc' },
  'otel-js-http-protobuf': { script: 'otel_sdk.mjs', protocol: 'http/protobuf' },
  'otel-js-http-json': { script: 'otel_sdk.mjs', protocol: 'http/json' },
  'vercel-ai': { script: 'vercel_ai.mjs', protocol: 'http/protobuf' },
  'langchain-openinference': { script: 'langchain_openinference.mjs', protocol: 'http/protobuf' },
  'openai-openinference': { script: 'openai_openinference.mjs', protocol: 'http/protobuf' },
  'openai-traceloop': { script: 'openai_traceloop.mjs', protocol: 'http/protobuf' },
};

// Nothing may leave the machine: every framework's own reporting is off, by its documented switch.
const VENDOR_REPORTING_OFF = {
  DO_NOT_TRACK: '1',
  LANGCHAIN_TRACING_V2: 'false',
  LANGSMITH_TRACING: 'false',
  TRACELOOP_TELEMETRY: 'FALSE',
  TRACELOOP_SYNC_ENABLED: 'false',
  AI_SDK_LOG_WARNINGS: 'false',
};

// Of the machine's own environment only these: a proxy or an API key set there must not matter.
const INHERITED = ['PATH', 'HOME', 'TMPDIR'];

function childEnvironment(client, { otlpHttp, otlpGrpc, providerUrl, sessionId }, name) {
  const inherited = Object.fromEntries(
    INHERITED.filter((key) => process.env[key] !== undefined).map((key) => [key, process.env[key]]),
  );
  return {
    ...inherited,
    ...VENDOR_REPORTING_OFF,
    OTEL_EXPORTER_OTLP_PROTOCOL: client.protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: client.protocol === 'grpc' ? otlpGrpc : otlpHttp,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_NODE_RESOURCE_DETECTORS: 'none',
    OTEL_SERVICE_NAME: `sightline-test-${name}`,
    FAKE_PROVIDER_URL: providerUrl,
    SESSION_ID: sessionId,
  };
}

/** Resolves when the client ended with status 0; rejects with its output otherwise. */
export function runClient(name, targets) {
  const client = CLIENTS[name];
  if (!client) throw new Error(`no client ${name}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(HERE, client.script)], {
      cwd: HERE,
      env: childEnvironment(client, targets, name),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: CLIENT_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const collect = (piece) => {
      output += piece;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${name} ended with ${signal ?? `status ${code}`}:\n${output}`));
    });
  });
}
