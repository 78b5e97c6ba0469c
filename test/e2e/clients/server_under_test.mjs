// SPDX-License-Identifier: Apache-2.0

// The server that the tests talk to: one that already runs (SIGHTLINE_HTTP, SIGHTLINE_OTLP_GRPC,
// SIGHTLINE_OTLP_HTTP name its base URLs), or one that is started here from SIGHTLINE_BIN on free
// ports in a directory of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 20_000;
const POLL_MS = 25;

const loopback = (port) => `http://127.0.0.1:${port}`;

async function isReady(url) {
  try {
    return (await fetch(`${url}/readyz`)).status === 200;
  } catch {
    return false;
  }
}

/** Calls `attempt` until it answers something; fails with `describe()` at the deadline. */
async function until(attempt, deadlineMs, describe) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await attempt();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(describe());
    await delay(POLL_MS);
  }
}

async function stop(child, dataDir, stderr) {
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  const [code, signal] = await closed;
  clearTimeout(killer);
  rmSync(dataDir, { recursive: true, force: true });
  if (code !== 0) {
    throw new Error(`the server ended with ${signal ?? `status ${code}`} on SIGTERM:\n${stderr()}`);
  }
}

async function start(binary) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-clients-'));
  const ports = ['--port', '0', '--otlp-grpc-port', '0', '--otlp-http-port', '0'];
  // An OTEL_EXPORTER_OTLP_ENDPOINT of the caller would make the server forward what it receives.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(OTEL|SIGHTLINE)_/.test(key)),
  );
  const child = spawn(binary, ['serve', '--data-dir', dataDir, ...ports], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (piece) => {
    log = (log + piece).slice(-20_000);
  });
  const stderr = () => log;
  let failure;
  child.once('error', (error) => {
    failure = error;
  });
  child.once('exit', (code, signal) => {
    failure ??= new Error(`the server ended with ${signal ?? `status ${code}`}:\n${log}`);
  });
  const portsFile = path.join(dataDir, 'ports.json');
  const chosen = await until(
    async () => {
      if (failure) throw failure;
      if (!existsSync(portsFile)) return undefined;
      try {
        const found = JSON.parse(readFileSync(portsFile, 'utf8'));
        return (await isReady(loopback(found.http))) ? found : undefined;
      } catch (error) {
        if (error instanceof SyntaxError) return undefined; // Read while it was being written.
        throw error;
      }
    },
    START_DEADLINE_MS,
    () => `the server is not ready after ${START_DEADLINE_MS} ms:\n${log}`,
  );
  return {
    http: loopback(chosen.http),
    otlpGrpc: loopback(chosen.otlp_grpc),
    otlpHttp: loopback(chosen.otlp_http),
    stop: () => stop(child, dataDir, stderr),
  };
}

/** @returns {Promise<{http: string, otlpGrpc: string, otlpHttp: string, stop: () => Promise<void>}>} */
export async function openServer() {
  const { SIGHTLINE_BIN, SIGHTLINE_HTTP, SIGHTLINE_OTLP_GRPC, SIGHTLINE_OTLP_HTTP } = process.env;
  if (SIGHTLINE_BIN) return start(SIGHTLINE_BIN);
  if (!SIGHTLINE_HTTP || !SIGHTLINE_OTLP_GRPC || !SIGHTLINE_OTLP_HTTP) {
    throw new Error(
      'set SIGHTLINE_BIN, or all of SIGHTLINE_HTTP, SIGHTLINE_OTLP_GRPC and SIGHTLINE_OTLP_HTTP',
    );
  }
  return {
    http: SIGHTLINE_HTTP,
    otlpGrpc: SIGHTLINE_OTLP_GRPC,
    otlpHttp: SIGHTLINE_OTLP_HTTP,
    stop: async () => {},
  };
}
