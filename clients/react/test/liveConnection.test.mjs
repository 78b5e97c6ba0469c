// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { RefusedError } from '../dist/feed.js';
import { IDLE, LiveConnection } from '../dist/LiveConnection.js';
import { FakeClock, fakeSockets, numberFeed, settle } from './support/fakes.mjs';

const TIMING = {
  firstDelayMs: 100,
  maxDelayMs: 800,
  pingIntervalMs: 30_000,
  pollIntervalMs: 5_000,
  answerTimeoutMs: 10_000,
};
const PING = '{"type":"ping"}';

function setUp({ lastValue, withSockets = true } = {}) {
  const clock = new FakeClock();
  const { FakeSocket, sockets } = fakeSockets();
  const feed = numberFeed({ lastValue });
  const ports = { clock, WebSocket: withSockets ? FakeSocket : undefined };
  const connection = new LiveConnection(feed, ports, TIMING);
  let changes = 0;
  const listen = () => connection.subscribe(() => (changes += 1));
  return {
    clock,
    sockets,
    feed,
    connection,
    listen,
    changes: () => changes,
    state: () => connection.getState(),
    newest: () => sockets.at(-1),
  };
}

/** A connection that is open and has its first value. */
function setUpOpen(options) {
  const it = setUp(options);
  it.stopListening = it.listen();
  it.clock.advance(0);
  it.newest().open();
  it.newest().receive({ value: 1 });
  return it;
}

/** Drops the newest socket, then waits for the next attempt. @returns the time until it. */
function dropAndWait(it, code = 1006) {
  const attempts = it.sockets.length;
  const start = it.clock.now;
  it.newest().drop(code);
  while (it.sockets.length === attempts) {
    it.clock.advance(1);
    assert.ok(it.clock.now - start <= TIMING.maxDelayMs, 'no further attempt');
  }
  return it.clock.now - start;
}

describe('opening and closing', () => {
  test('does nothing before somebody listens', () => {
    const it = setUp();
    it.clock.advance(60_000);
    assert.equal(it.sockets.length, 0);
    assert.equal(it.state(), IDLE);
  });

  test('shows values as they arrive', () => {
    const it = setUpOpen();
    assert.deepEqual(it.state(), {
      value: 1,
      isConnected: true,
      isPolling: false,
      error: undefined,
    });
    it.newest().receive({ value: 2 });
    assert.equal(it.state().value, 2);
  });

  test('is connected as soon as the socket is open', () => {
    const it = setUp();
    it.listen();
    it.clock.advance(0);
    assert.equal(it.state().isConnected, false);
    it.newest().open();
    assert.equal(it.state().isConnected, true);
  });

  test('opens one socket when mounted, unmounted and mounted at once, as StrictMode does', () => {
    const it = setUp();
    it.listen()();
    it.listen();
    it.clock.advance(0);
    assert.equal(it.sockets.length, 1);
  });

  test('shares one socket among listeners and closes it after the last', () => {
    const it = setUp();
    const first = it.connection.subscribe(() => undefined);
    const second = it.connection.subscribe(() => undefined);
    it.clock.advance(0);
    it.newest().open();
    first();
    assert.equal(it.newest().closedWith, undefined);
    second();
    assert.equal(it.newest().closedWith, 1000);
    assert.equal(it.sockets.length, 1);
  });

  test('leaves no timer and hears nothing more after the last listener', () => {
    const it = setUpOpen();
    const socket = it.newest();
    const changes = it.changes();
    it.stopListening();
    socket.receive({ value: 9 });
    socket.drop(1006);
    assert.equal(it.clock.pending, 0);
    assert.equal(it.state().value, 1);
    assert.equal(it.state().isConnected, false);
    assert.equal(it.changes(), changes);
  });

  test('keeps the old value and opens again for a new listener', () => {
    const it = setUpOpen();
    it.stopListening();
    it.listen();
    it.clock.advance(0);
    assert.equal(it.sockets.length, 2);
    assert.equal(it.state().value, 1);
  });

  test('answers the same object until something changes', () => {
    const it = setUpOpen();
    const before = it.state();
    it.newest().receive({ value: 1 });
    assert.equal(it.state(), before);
    it.newest().receive({ value: 2 });
    assert.notEqual(it.state(), before);
  });
});

describe('reconnecting', () => {
  test('waits twice as long after each failure, up to the maximum', () => {
    const it = setUpOpen();
    it.clock.chance = 1 - Number.EPSILON;
    const waits = [1, 2, 3, 4, 5].map(() => dropAndWait(it));
    assert.deepEqual(waits, [100, 200, 400, 800, 800]);
  });

  test('waits at least half of that, at random', () => {
    const it = setUpOpen();
    assert.equal(dropAndWait(it), 50);
    it.clock.chance = 0.5;
    assert.equal(dropAndWait(it), 150);
  });

  test('starts with the short delay again once a value has come', () => {
    const it = setUpOpen();
    dropAndWait(it);
    dropAndWait(it);
    it.newest().open();
    it.newest().receive({ value: 2 });
    assert.equal(dropAndWait(it), 50);
  });

  test('does not take a socket that opens and brings nothing for a success', () => {
    const it = setUpOpen();
    dropAndWait(it);
    it.newest().open();
    assert.equal(dropAndWait(it), 100);
  });

  test('says that the value may be old until a new one has come', () => {
    const it = setUpOpen();
    it.newest().drop(1006);
    assert.match(it.state().error, /connection was lost \(code 1006\)/);
    assert.equal(it.state().value, 1);
    assert.equal(it.state().isConnected, false);
    it.clock.advance(TIMING.firstDelayMs);
    it.newest().open();
    it.newest().receive({ value: 1 });
    assert.equal(it.state().error, undefined);
  });

  test('tries again where the constructor throws', () => {
    const clock = new FakeClock();
    let attempts = 0;
    const ports = {
      clock,
      WebSocket: class {
        constructor() {
          attempts += 1;
          throw new SyntaxError('no such scheme');
        }
      },
    };
    const connection = new LiveConnection(numberFeed(), ports, TIMING);
    connection.subscribe(() => undefined);
    clock.advance(0);
    assert.match(connection.getState().error, /no such scheme/);
    clock.advance(100);
    assert.equal(attempts, 2);
  });

  test('gives up a socket that does not open', () => {
    const it = setUp();
    it.listen();
    it.clock.advance(0);
    it.clock.advance(TIMING.answerTimeoutMs);
    assert.equal(it.sockets[0].closedWith, 1000);
    assert.match(it.state().error, /does not answer/);
    it.clock.advance(100);
    assert.equal(it.sockets.length, 2);
  });

  test('reports what it cannot read and goes on', () => {
    const it = setUpOpen();
    it.newest().receive('{"value":');
    assert.match(it.state().error, /cannot read a message/);
    it.newest().receive({ value: 2 });
    assert.equal(it.state().error, undefined);
    assert.equal(it.sockets.length, 1);
  });

  test('starts anew at once on request, with a short delay after it', () => {
    const it = setUpOpen();
    dropAndWait(it);
    dropAndWait(it);
    it.newest().drop(1006);
    const attempts = it.sockets.length;
    it.connection.reconnect();
    it.clock.advance(0);
    assert.equal(it.sockets.length, attempts + 1);
    assert.equal(it.state().error, undefined);
    assert.equal(dropAndWait(it), 50);
  });

  test('does not start on request while nobody listens', () => {
    const it = setUpOpen();
    it.stopListening();
    it.connection.reconnect();
    it.clock.advance(1_000);
    assert.equal(it.sockets.length, 1);
  });
});

describe('pings', () => {
  test('are sent every 30 seconds', () => {
    const it = setUpOpen();
    it.clock.advance(29_999);
    assert.deepEqual(it.newest().sent, []);
    it.clock.advance(1);
    it.newest().receive({ type: 'pong' });
    it.clock.advance(30_000);
    assert.deepEqual(it.newest().sent, [PING, PING]);
    assert.equal(it.sockets.length, 1);
  });

  test('that stay without an answer end the connection', () => {
    const it = setUpOpen();
    it.clock.advance(30_000 + TIMING.answerTimeoutMs - 1);
    assert.equal(it.state().isConnected, true);
    it.clock.advance(1);
    assert.equal(it.state().isConnected, false);
    assert.equal(it.sockets[0].closedWith, 1000);
    it.clock.advance(100);
    assert.equal(it.sockets.length, 2);
  });

  test('are answered by any message', () => {
    const it = setUpOpen();
    it.clock.advance(30_000);
    it.newest().receive({ value: 2 });
    it.clock.advance(TIMING.answerTimeoutMs);
    assert.equal(it.state().isConnected, true);
  });
});

describe('the end', () => {
  test('comes with the final value and a normal close, and is no error', () => {
    const it = setUpOpen({ lastValue: 7 });
    it.newest().receive({ value: 7 });
    assert.equal(it.state().isConnected, true);
    it.newest().drop(1000);
    it.clock.advance(600_000);
    assert.equal(it.sockets.length, 1);
    assert.deepEqual(it.state(), {
      value: 7,
      isConnected: false,
      isPolling: false,
      error: undefined,
    });
    assert.equal(it.clock.pending, 0);
  });

  test('comes also where the network breaks right after the final value', () => {
    const it = setUpOpen({ lastValue: 7 });
    it.newest().receive({ value: 7 });
    it.newest().drop(1006);
    it.clock.advance(600_000);
    assert.equal(it.sockets.length, 1);
    assert.equal(it.state().error, undefined);
  });

  test('does not wait for ever for the close', () => {
    const it = setUpOpen({ lastValue: 7 });
    it.newest().receive({ value: 7 });
    it.newest().receive({ type: 'pong' });
    it.clock.advance(TIMING.answerTimeoutMs);
    assert.equal(it.newest().closedWith, 1000);
    assert.equal(it.clock.pending, 0);
  });

  test('does not come with a normal close alone', () => {
    const it = setUpOpen({ lastValue: 7 });
    dropAndWait(it, 1000);
    assert.equal(it.sockets.length, 2);
  });

  test('comes with a refusal, and says why', () => {
    const it = setUp();
    it.listen();
    it.clock.advance(0);
    it.newest().open();
    it.newest().receive({ error: 'no such execution' });
    it.newest().drop(1008, 'policy');
    it.clock.advance(600_000);
    assert.equal(it.sockets.length, 1);
    assert.equal(it.state().error, 'no such execution');
    assert.equal(it.clock.pending, 0);
  });

  test('gives the reason of the close where no message says more', () => {
    const it = setUpOpen();
    it.newest().drop(1008, 'not yours');
    assert.equal(it.state().error, 'not yours');
  });

  test('holds for new listeners, until a reconnect is asked for', () => {
    const it = setUpOpen({ lastValue: 7 });
    it.newest().receive({ value: 7 });
    it.newest().drop(1000);
    it.stopListening();
    it.listen();
    it.clock.advance(1_000);
    assert.equal(it.sockets.length, 1);
    it.connection.reconnect();
    it.clock.advance(0);
    assert.equal(it.sockets.length, 2);
  });
});

describe('polling', () => {
  /** Two failed attempts; the first poll waits for its answer. */
  function setUpPolling(options) {
    const it = setUpOpen(options);
    dropAndWait(it);
    it.newest().drop(1006);
    return it;
  }

  test('starts with the second failure in a row, not with the first', () => {
    const it = setUpOpen();
    dropAndWait(it);
    assert.equal(it.state().isPolling, false);
    it.newest().drop(1006);
    assert.equal(it.state().isPolling, true);
    assert.equal(it.feed.polls.length, 1);
  });

  test('brings values, and with them the error ends', async () => {
    const it = setUpPolling();
    it.feed.polls[0].resolve(5);
    await settle();
    assert.deepEqual(it.state(), {
      value: 5,
      isConnected: false,
      isPolling: true,
      error: undefined,
    });
  });

  test('asks again after the interval, counted from the answer', async () => {
    const it = setUpPolling();
    it.clock.advance(20_000);
    assert.equal(it.feed.polls.length, 1);
    it.feed.polls[0].resolve(5);
    await settle();
    it.clock.advance(TIMING.pollIntervalMs - 1);
    assert.equal(it.feed.polls.length, 1);
    it.clock.advance(1);
    assert.equal(it.feed.polls.length, 2);
  });

  test('goes on trying the socket, whose failures are no news then', async () => {
    const it = setUpPolling();
    it.feed.polls[0].resolve(5);
    await settle();
    dropAndWait(it);
    it.newest().drop(1006);
    assert.equal(it.state().error, undefined);
    assert.equal(it.state().value, 5);
  });

  test('stops when the socket opens, and drops the answer that comes late', async () => {
    const it = setUpPolling();
    it.clock.advance(TIMING.maxDelayMs);
    it.newest().open();
    assert.equal(it.feed.polls[0].signal.aborted, true);
    it.newest().receive({ value: 8 });
    it.feed.polls[0].resolve(5);
    await settle();
    assert.equal(it.state().value, 8);
    assert.equal(it.state().isPolling, false);
    it.clock.advance(20_000);
    assert.equal(it.feed.polls.length, 1);
  });

  test('reports its own failure and goes on', async () => {
    const it = setUpPolling();
    it.feed.polls[0].reject(new Error('503'));
    await settle();
    assert.equal(it.state().error, '503');
    it.clock.advance(TIMING.pollIntervalMs);
    it.feed.polls[1].resolve(5);
    await settle();
    assert.equal(it.state().error, undefined);
  });

  test('is not in error while there is nothing yet', async () => {
    const it = setUpPolling();
    it.feed.polls[0].resolve(undefined);
    await settle();
    assert.equal(it.state().error, undefined);
    assert.equal(it.state().value, 1);
  });

  test('ends everything with a final value', async () => {
    const it = setUpPolling({ lastValue: 7 });
    it.feed.polls[0].resolve(7);
    await settle();
    it.clock.advance(600_000);
    assert.equal(it.sockets.length, 2);
    assert.equal(it.state().isPolling, false);
    assert.equal(it.clock.pending, 0);
  });

  test('ends everything with a refusal', async () => {
    const it = setUpPolling();
    it.feed.polls[0].reject(new RefusedError('no such execution'));
    await settle();
    assert.equal(it.state().error, 'no such execution');
    assert.equal(it.state().isPolling, false);
    assert.equal(it.clock.pending, 0);
  });

  test('is all there is where there are no WebSockets', async () => {
    const it = setUp({ withSockets: false });
    const stopListening = it.listen();
    it.clock.advance(0);
    it.feed.polls[0].resolve(5);
    await settle();
    assert.deepEqual(it.state(), {
      value: 5,
      isConnected: false,
      isPolling: true,
      error: undefined,
    });
    stopListening();
    assert.equal(it.clock.pending, 0);
  });

  test('stops with the last listener', async () => {
    const it = setUpPolling();
    it.stopListening();
    assert.equal(it.feed.polls[0].signal.aborted, true);
    it.feed.polls[0].resolve(5);
    await settle();
    assert.equal(it.state().value, 1);
    assert.equal(it.state().isPolling, false);
    assert.equal(it.clock.pending, 0);
  });
});
