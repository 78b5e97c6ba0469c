// SPDX-License-Identifier: Apache-2.0
// The servers that scenes are recorded from, made when a scene first needs one.

import { playDemo, startServer } from '../own_server.mjs';

/** Simulated runs of three hours, the newest of which go on. */
const demo = { seed: 7, backfillSeconds: 3 * 3600 };
/** So many that most of what goes wrong began in the last hour, and there is a time before to compare it with. */
const young = { seed: 7, backfillSeconds: 6000 };
/** The history is sent in order of time: it is complete once a run is so young. */
const youngMs = 5_000;
/** After it, for live runs to begin and for the server to write down what it has. */
const liveMs = 45_000;
const patienceMs = 600_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function waitForNewRuns(url) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await fetch(`${url}/api/v1/observability/traces?limit=1`);
    const [newest] = answer.ok ? (await answer.json()).traces : [];
    if (newest !== undefined && Date.now() - Date.parse(newest.start_time) < youngMs) return;
    if (Date.now() > deadline) throw new Error('the simulated history takes too long');
    await pause(500);
  }
}

async function startDemoServer(runs) {
  const server = await startServer();
  const player = playDemo(server.otlpUrl, runs);
  const stop = async () => {
    await player.stop();
    await server.stop();
  };
  try {
    await waitForNewRuns(server.url);
    await pause(liveMs);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, stop };
}

const makers = {
  demo: () => startDemoServer(demo),
  young: () => startDemoServer(young),
  empty: () => startServer(),
};

/** `urlOf('demo' | 'young' | 'empty')` starts a server unless it has; SIGHTLINE_URL names one to take for the demo's. */
export function keepServers() {
  const named = process.env.SIGHTLINE_URL?.replace(/\/$/, '');
  const servers = new Map();
  return {
    urlOf: async (kind) => {
      if (kind === 'demo' && named !== undefined) return named;
      if (!servers.has(kind)) servers.set(kind, await makers[kind]());
      return servers.get(kind).url;
    },
    stop: () => Promise.all([...servers.values()].map((server) => server.stop())),
  };
}
