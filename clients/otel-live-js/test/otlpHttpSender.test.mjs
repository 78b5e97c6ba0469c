// SPDX-License-Identifier: Apache-2.0
import { ROOT_CONTEXT } from '@opentelemetry/api';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { LiveSpanProcessor } from '@sightline/otel-live';

import { FakeClock, settle } from './support/fakes.mjs';
import { startReceiver } from './support/receiver.mjs';
import { SDKS } from './support/sdks.mjs';

const DELAY_MS = 100;

let receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

function setUp(options) {
  const clock = new FakeClock();
  const processor = new LiveSpanProcessor({ endpoint: receiver.url, ...options }, clock);
  const tracer = SDKS[1].makeProvider({}, [processor]).getTracer('test');
  return { clock, processor, start: (name) => tracer.startSpan(name, {}, ROOT_CONTEXT) };
}

/** Lets a batch go out and waits for what becomes of it. */
async function sendNow(it, ms = DELAY_MS) {
  await it.clock.advance(ms);
  await it.processor.forceFlush();
}

const statusText = (status) => (response) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"no"}');

for (const status of [429, 502, 503, 504]) {
  test(`the answer ${status} makes it send again what still runs`, async () => {
    const it = setUp();
    receiver.answer = statusText(status);
    it.start('long');
    const short = it.start('short');
    await sendNow(it);
    assert.equal(it.processor.stats.waiting, 2);
    assert.equal(it.processor.stats.failedExports, 1);
    short.end();
    receiver.answer = (response) => response.end('{}');
    await sendNow(it, 1_000);
    assert.deepEqual(
      receiver.spans().map(({ name }) => name),
      ['long', 'short', 'long'],
    );
    const { sent, endedFirst, waiting } = it.processor.stats;
    assert.deepEqual({ sent, endedFirst, waiting }, { sent: 1, endedFirst: 1, waiting: 0 });
  });
}

for (const status of [400, 401, 404, 413, 500]) {
  test(`the answer ${status} is final`, async () => {
    const it = setUp();
    receiver.answer = statusText(status);
    it.start('agent');
    await sendNow(it);
    await sendNow(it, 60_000);
    assert.equal(receiver.requests.length, 1);
    assert.equal(it.processor.stats.rejected, 1);
    assert.match(it.processor.stats.lastError, new RegExp(`${status}.*no`));
  });
}

test('Retry-After is honoured where it is longer than the pause', async () => {
  const it = setUp();
  receiver.answer = (response) => response.writeHead(429, { 'retry-after': '20' }).end();
  it.start('agent');
  await sendNow(it);
  await it.clock.advance(19_999);
  assert.equal(receiver.requests.length, 1);
  receiver.answer = (response) => response.end('{}');
  await sendNow(it, 1);
  assert.equal(it.processor.stats.sent, 1);
});

test('a batch that comes back has kept its places, before what started later', async () => {
  const it = setUp({ maxQueueSize: 3 });
  receiver.answer = (response) => {
    it.start('later');
    it.start('too many');
    response.writeHead(503).end();
  };
  it.start('first');
  it.start('second');
  await sendNow(it);
  receiver.requests.splice(0);
  receiver.answer = (response) => response.end('{}');
  await sendNow(it, 1_000);
  assert.deepEqual(
    receiver.spans().map(({ name }) => name),
    ['first', 'second', 'later'],
  );
  assert.equal(it.processor.stats.dropped, 1);
});

test('a span that ends while its batch fails is not sent again', async () => {
  const it = setUp();
  const span = it.start('agent');
  receiver.answer = (response) => {
    span.end();
    response.writeHead(503).end();
  };
  await sendNow(it);
  await sendNow(it, 60_000);
  assert.equal(receiver.requests.length, 1);
  assert.equal(it.processor.stats.endedFirst, 1);
  assert.equal(it.processor.stats.waiting, 0);
});

test('spans that the server rejects are counted', async () => {
  const it = setUp();
  receiver.answer = (response) =>
    response.end('{"partialSuccess":{"rejectedSpans":"1","errorMessage":"one is bad"}}');
  it.start('good');
  it.start('bad');
  await sendNow(it);
  assert.equal(it.processor.stats.sent, 1);
  assert.equal(it.processor.stats.rejected, 1);
});

for (const body of ['', 'not json', 'null', '[]', '{"partialSuccess":{}}', 'x'.repeat(200_000)]) {
  test(`the answer 200 with the body ${body.slice(0, 30) || '(empty)'} is a success`, async () => {
    const it = setUp();
    receiver.answer = (response) => response.end(body);
    it.start('agent');
    await sendNow(it);
    assert.equal(it.processor.stats.sent, 1, it.processor.stats.lastError);
  });
}

test('headers are sent', async () => {
  const it = setUp({ headers: { authorization: 'Bearer 1' } });
  it.start('agent');
  await sendNow(it);
  assert.equal(receiver.requests[0].headers.authorization, 'Bearer 1');
});

test('one connection serves all requests', async () => {
  const it = setUp();
  for (let i = 0; i < 3; i += 1) {
    it.start('agent');
    await sendNow(it);
  }
  assert.equal(receiver.requests.length, 3);
  assert.equal(receiver.connections, 1);
});

test('a server that does not answer costs one time limit', async () => {
  const it = setUp({ exportTimeoutMs: 30 });
  receiver.answer = () => undefined;
  it.start('agent');
  await sendNow(it);
  assert.match(it.processor.stats.lastError, /no answer within 30 ms/);
  assert.equal(it.processor.stats.waiting, 1);
});

test('a server that cuts its answer is unavailable', async () => {
  const it = setUp();
  receiver.answer = (response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('{');
    setImmediate(() => response.destroy());
  };
  it.start('agent');
  await sendNow(it);
  assert.equal(it.processor.stats.failedExports, 1);
  assert.equal(it.processor.stats.waiting, 1);
});

test('a server that is down gets the span when it is up', async () => {
  const it = setUp();
  await receiver.stop();
  it.start('agent');
  await sendNow(it);
  assert.match(it.processor.stats.lastError, /ECONNREFUSED/);
  const revived = await startReceiver(new URL(receiver.url).port);
  receiver = revived;
  await sendNow(it, 1_000);
  assert.deepEqual(
    revived.spans().map(({ name }) => name),
    ['agent'],
  );
});

describe('an endpoint that is none', () => {
  for (const endpoint of ['no url', 'ftp://host']) {
    test(`refuses everything: ${endpoint}`, async () => {
      const it = setUp({ endpoint });
      it.start('agent');
      await sendNow(it);
      assert.equal(it.processor.stats.rejected, 1);
      assert.match(it.processor.stats.lastError, /cannot send to the endpoint/);
      await settle();
    });
  }
});
