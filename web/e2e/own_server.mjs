// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../build/release/sightline', import.meta.url));
const binary = process.env.SIGHTLINE_BIN ?? built;
const patienceMs = 20_000;
/** The flags of the ports, by their names in ports.json. */
const portFlags = { http: '--port', otlp_grpc: '--otlp-grpc-port', otlp_http: '--otlp-http-port' };

/** Answers once the server listens, with its ports and the way to end it; `ports` are any unless given. */
async function start(folder, ports, flags) {
  const file = join(folder, 'ports.json');
  rmSync(file, { force: true });
  const asked = Object.entries(portFlags).flatMap(([name, flag]) => [
    flag,
    String(ports[name] ?? 0),
  ]);
  const child = spawn(binary, ['serve', '--data-dir', folder, ...asked, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const end = async () => {
    child.kill();
    await ended;
  };
  const deadline = Date.now() + patienceMs;
  while (!existsSync(file) && child.exitCode === null && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (!existsSync(file)) {
    await end();
    throw new Error('the server does not listen');
  }
  return { ports: JSON.parse(readFileSync(file, 'utf8')), end };
}

/**
 * An empty server of one's own on free ports, from SIGHTLINE_BIN or the release build, with more flags. It
 * can be taken away and brought back on the same ports with what it has stored.
 */
export async function startServer(...flags) {
  const folder = mkdtempSync(join(tmpdir(), 'sightline-'));
  let server;
  try {
    server = await start(folder, {}, flags);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  const { ports } = server;
  return {
    url: `http://127.0.0.1:${ports.http}`,
    otlpUrl: `http://127.0.0.1:${ports.otlp_http}`,
    takeAway: () => server.end(),
    bringBack: async () => {
      server = await start(folder, ports, flags);
    },
    stop: async () => {
      await server.end();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Sends the given seconds of simulated runs as history, the same ones for the same seed, and answers when all
 * of them have been sent.
 */
export async function sendDemo(otlpUrl, { seed, seconds }) {
  const child = spawn(
    binary,
    [
      ...['demo', '--endpoint', otlpUrl, '--seed', String(seed)],
      ...['--backfill-seconds', String(seconds), '--seconds', '1'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the simulated runs could not be sent: ${code}`);
}

/** Sends simulated runs as history, and goes on with runs of now until it is stopped. */
export function playDemo(otlpUrl, { seed, backfillSeconds }) {
  const child = spawn(
    binary,
    [
      ...['demo', '--endpoint', otlpUrl, '--seed', String(seed)],
      ...['--backfill-seconds', String(backfillSeconds)],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise((resolve) => child.on('close', resolve));
  return {
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
