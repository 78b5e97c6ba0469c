// SPDX-License-Identifier: Apache-2.0
import { context, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { LiveSpanProcessor } from '@sightline/otel-live';

import { FakeClock, FakeExporter, settle } from './support/fakes.mjs';
import { SDKS } from './support/sdks.mjs';

const OK = { code: 0 };
const FAILED = { code: 1, error: new Error('no route') };
const DELAY_MS = 100;

function setUp({ sdk = SDKS[1], config = {}, ...options } = {}) {
  const clock = new FakeClock();
  const exporter = new FakeExporter();
  const processor = new LiveSpanProcessor({ exporter, ...options }, clock);
  const provider = sdk.makeProvider(config, [processor]);
  const tracer = provider.getTracer('test');
  const start = (name, attributes, parent = ROOT_CONTEXT) =>
    tracer.startSpan(name, { attributes }, parent);
  const startMany = (count, prefix = 'span') =>
    Array.from({ length: count }, (_, i) => start(`${prefix} ${i}`));
  return { clock, exporter, processor, provider, start, startMany };
}

/** Every span that started is in exactly one of the counts. */
function assertAllCounted({ stats }, started) {
  const { waiting, sent, endedFirst, filtered, dropped, rejected } = stats;
  assert.equal(waiting + sent + endedFirst + filtered + dropped + rejected, started);
}

for (const sdk of SDKS) {
  describe(`with ${sdk.name}`, () => {
    test('a span is sent while it runs', async () => {
      const it = setUp({ sdk });
      const span = it.start('agent');
      await it.clock.advance(DELAY_MS);
      assert.deepEqual(it.exporter.names, ['agent']);
      assert.equal(span.isRecording(), true);
      span.end();
      assert.equal(it.processor.stats.sent, 1);
      assertAllCounted(it.processor, 1);
    });

    test('a span is not sent when it has ended before its turn', async () => {
      const it = setUp({ sdk });
      const [long, short] = it.startMany(2);
      short.end();
      await it.clock.advance(DELAY_MS);
      assert.deepEqual(it.exporter.names, [long.name]);
      assert.equal(it.processor.stats.endedFirst, 1);
      assertAllCounted(it.processor, 2);
    });

    test('a span that is not sampled is not sent, and not counted', async () => {
      const { SamplingDecision } = sdk.sdk;
      const sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD }) };
      const it = setUp({ sdk, config: { sampler } });
      assert.equal(it.start('recorded').isRecording(), true);
      await it.clock.advance(DELAY_MS);
      assert.deepEqual(it.exporter.batches, []);
      assertAllCounted(it.processor, 0);
    });

    test('the resource is complete before spans are sent', async () => {
      let detect;
      const late = new Promise((resolve) => (detect = resolve));
      const it = setUp({ sdk, config: { resource: sdk.makeLateResource(late) } });
      it.start('agent');
      await it.clock.advance(DELAY_MS);
      assert.deepEqual(it.exporter.names, []);
      detect({ late: 'found' });
      await settle();
      assert.equal(it.exporter.batches[0][0].resource.attributes.late, 'found');
    });

    test('a resource that is never complete holds spans up only for a while', async () => {
      const never = new Promise(() => undefined);
      const config = { resource: sdk.makeLateResource(never) };
      const it = setUp({ sdk, config, exportTimeoutMs: 1_000 });
      it.start('agent');
      await it.clock.advance(DELAY_MS + 1_000);
      assert.deepEqual(it.exporter.names, ['agent']);
    });

    test('shutting down the provider flushes and shuts down the exporter', async () => {
      const it = setUp({ sdk });
      it.start('agent');
      await it.provider.shutdown();
      assert.deepEqual(it.exporter.names, ['agent']);
      assert.equal(it.exporter.shutdowns, 1);
    });
  });
}

describe('batching', () => {
  test('nothing is sent before the delay', async () => {
    const it = setUp({ delayMs: 250 });
    it.start('agent');
    await it.clock.advance(249);
    assert.deepEqual(it.exporter.batches, []);
    await it.clock.advance(1);
    assert.equal(it.exporter.batches.length, 1);
  });

  test('spans that start together are sent together, in their order', async () => {
    const it = setUp();
    it.startMany(3);
    await it.clock.advance(DELAY_MS);
    assert.deepEqual(it.exporter.names, ['span 0', 'span 1', 'span 2']);
    assert.equal(it.exporter.batches.length, 1);
  });

  test('a batch has its maximum size', async () => {
    const it = setUp({ maxBatchSize: 2 });
    it.startMany(5);
    await it.clock.advance(10 * DELAY_MS);
    assert.deepEqual(
      it.exporter.batches.map((batch) => batch.length),
      [2, 2, 1],
    );
    assertAllCounted(it.processor, 5);
  });

  test('no timer is left when nothing waits', async () => {
    const it = setUp();
    it.start('agent');
    await it.clock.advance(DELAY_MS);
    assert.equal(it.clock.pending, 0);
  });

  test('attributes and names that were set after the start are sent', async () => {
    const it = setUp();
    const span = it.start('agent', { early: 1 });
    span.setAttribute('late', 2);
    span.updateName('agent planner');
    await it.clock.advance(DELAY_MS);
    const [sent] = it.exporter.batches[0];
    assert.equal(sent.name, 'agent planner');
    assert.equal(sent.attributes.early, 1);
    assert.equal(sent.attributes.late, 2);
  });

  test('what happens to a span after it was sent does not change what was sent', async () => {
    const it = setUp();
    const span = it.start('agent');
    await it.clock.advance(DELAY_MS);
    span.setAttribute('late', 2).addEvent('late');
    span.addLink({ context: span.spanContext() }).end();
    const [sent] = it.exporter.batches[0];
    assert.equal('late' in sent.attributes, false);
    assert.deepEqual(sent.events, []);
    assert.deepEqual(sent.links, []);
    assert.deepEqual(sent.endTime, sent.startTime);
  });
});

describe('the rate', () => {
  test('lets a burst through and then so many spans a second', async () => {
    const it = setUp({ spansPerSecond: 10, burst: 5 });
    it.startMany(100);
    await it.clock.advance(DELAY_MS);
    assert.equal(it.exporter.names.length, 5);
    await it.clock.advance(2_000);
    const sent = it.exporter.names.length;
    assert.ok(sent >= 24 && sent <= 26, `${sent} spans in 2.1 s`);
    assertAllCounted(it.processor, 100);
  });

  test('spares spans that end while they wait', async () => {
    const it = setUp({ spansPerSecond: 10, burst: 1 });
    const spans = it.startMany(50);
    await it.clock.advance(DELAY_MS);
    for (const span of spans.slice(1, 49)) span.end();
    await it.clock.advance(DELAY_MS);
    assert.deepEqual(it.exporter.names, ['span 0', 'span 49']);
    assert.equal(it.processor.stats.endedFirst, 48);
  });

  test('is not spent on spans that the filter leaves out', async () => {
    const filter = (span) => span.name === 'agent';
    const it = setUp({ spansPerSecond: 0.001, burst: 1, filter });
    it.startMany(20);
    it.start('agent');
    await it.clock.advance(DELAY_MS);
    assert.deepEqual(it.exporter.names, ['agent']);
    assert.equal(it.processor.stats.filtered, 20);
  });
});

describe('the queue', () => {
  test('drops and counts what is too much, and keeps what came first', async () => {
    const it = setUp({ maxQueueSize: 3 });
    it.startMany(5);
    await it.clock.advance(DELAY_MS);
    assert.deepEqual(it.exporter.names, ['span 0', 'span 1', 'span 2']);
    assert.equal(it.processor.stats.dropped, 2);
    assertAllCounted(it.processor, 5);
  });

  test('has room again for spans after others have ended', async () => {
    const it = setUp({ maxQueueSize: 3 });
    for (const span of it.startMany(3)) span.end();
    it.start('agent');
    await it.clock.advance(DELAY_MS);
    assert.deepEqual(it.exporter.names, ['agent']);
    assert.equal(it.processor.stats.dropped, 0);
  });
});

describe('the filter', () => {
  const cases = [
    { attributes: { 'gen_ai.operation.name': 'chat' }, sent: true },
    { attributes: { 'openinference.span.kind': 'AGENT' }, sent: true },
    { attributes: { 'traceloop.span.kind': 'workflow' }, sent: true },
    { attributes: { 'ai.operationId': 'ai.generateText' }, sent: true },
    { attributes: { 'http.request.method': 'GET' }, sent: false },
    { attributes: { 'ai.team': 'blue' }, sent: false },
    { attributes: {}, sent: false },
  ];
  for (const { attributes, sent } of cases) {
    test(`gen_ai ${sent ? 'sends' : 'leaves out'} ${JSON.stringify(attributes)}`, async () => {
      const it = setUp({ filter: 'gen_ai' });
      it.start('span', attributes);
      await it.clock.advance(DELAY_MS);
      assert.equal(it.processor.stats.sent, sent ? 1 : 0);
      assert.equal(it.processor.stats.filtered, sent ? 0 : 1);
    });
  }

  for (const sdk of SDKS) {
    test(`gen_ai knows the scopes of instrumentation, ${sdk.name}`, async () => {
      const it = setUp({ sdk, filter: 'gen_ai' });
      it.provider.getTracer('strands.telemetry.tracer').startSpan('cycle');
      await it.clock.advance(DELAY_MS);
      assert.deepEqual(it.exporter.names, ['cycle']);
    });
  }

  test('that throws leaves the span out, and is counted', async () => {
    const filter = () => {
      throw new Error('bad filter');
    };
    const it = setUp({ filter });
    it.start('agent');
    await it.clock.advance(DELAY_MS);
    const { filtered, errors, lastError } = it.processor.stats;
    assert.deepEqual(
      { filtered, errors, lastError },
      { filtered: 1, errors: 1, lastError: 'bad filter' },
    );
  });

  test('never sees logs in the form of spans, nor pending spans of others', async () => {
    const it = setUp();
    it.start('log', { 'logfire.span_type': 'log' });
    it.start('pending', { 'logfire.span_type': 'pending_span' });
    it.start('span', { 'logfire.span_type': 'span' });
    await it.clock.advance(DELAY_MS);
    assert.deepEqual(it.exporter.names, ['span']);
  });
});

describe('failures', () => {
  afterEach(() => diag.disable());

  test('of the exporter are counted, and followed by a pause that grows', async () => {
    const it = setUp();
    it.exporter.answer = () => FAILED;
    const attempts = [];
    for (let i = 0; i < 4; i += 1) {
      const before = it.exporter.batches.length;
      it.start(`agent ${i}`);
      const start = it.clock.now;
      while (it.exporter.batches.length === before) await it.clock.advance(50);
      attempts.push(it.clock.now - start);
    }
    assert.deepEqual(attempts, [DELAY_MS, 1_000, 2_000, 4_000]);
    const { rejected, failedExports, lastError } = it.processor.stats;
    assert.deepEqual(
      { rejected, failedExports, lastError },
      { rejected: 4, failedExports: 4, lastError: 'no route' },
    );
  });

  test('end the pause once something succeeds, and the next pause is short again', async () => {
    const it = setUp();
    const send = async (name, answer, waitMs) => {
      it.exporter.answer = () => answer;
      it.start(name);
      await it.clock.advance(waitMs);
      assert.equal(it.exporter.names.at(-1), name);
    };
    await send('lost', FAILED, DELAY_MS);
    await send('lost too', FAILED, 1_000);
    await send('late', OK, 2_000);
    await send('prompt', FAILED, DELAY_MS);
    await send('after a short pause', OK, 1_000);
  });

  test('are reported once as a warning, then only for debugging', async () => {
    const lines = [];
    const write = (level) => (text) => lines.push(`${level} ${text}`);
    diag.setLogger({
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      verbose: write('verbose'),
    });
    lines.length = 0;
    const it = setUp();
    it.exporter.answer = () => FAILED;
    for (let i = 0; i < 3; i += 1) {
      it.start('agent');
      await it.clock.advance(10_000);
    }
    assert.equal(lines.filter((line) => line.startsWith('warn')).length, 1);
    assert.match(lines.join('\n'), /cannot send pending spans: no route/);
  });

  test('of the logger do no harm', async () => {
    const fail = () => {
      throw new Error('no paper');
    };
    diag.setLogger({ error: fail, warn: fail, info: () => undefined, debug: fail, verbose: fail });
    const it = setUp({ maxBatchSize: -1 });
    it.exporter.answer = () => FAILED;
    it.start('agent');
    await it.clock.advance(DELAY_MS);
    assert.equal(it.processor.stats.failedExports, 1);
  });

  const throwing = {
    export: () => {
      throw new Error('broken');
    },
    shutdown: () => Promise.reject(new Error('broken')),
  };

  test('that the exporter throws are refusals', async () => {
    const it = setUp({ exporter: throwing });
    it.start('agent');
    await it.clock.advance(DELAY_MS);
    assert.equal(it.processor.stats.rejected, 1);
    await it.processor.shutdown();
    assert.equal(it.processor.stats.errors, 1);
    assert.equal(it.processor.stats.lastError, 'broken');
  });

  test('of a span without a context do not reach the program', () => {
    const { processor } = setUp();
    processor.onStart({}, ROOT_CONTEXT);
    processor.onEnd({});
    assert.equal(processor.stats.errors, 2);
  });

  test('of an exporter that never calls back end with the time limit', async () => {
    const it = setUp({ exportTimeoutMs: 2_000 });
    it.exporter.answer = () => undefined;
    it.start('agent');
    await it.clock.advance(DELAY_MS + 1_999);
    assert.equal(it.processor.stats.waiting, 1);
    await it.clock.advance(1);
    assert.match(it.processor.stats.lastError, /did not finish within 2000 ms/);
    assert.equal(it.processor.stats.rejected, 1);
  });

  test('in the options are replaced by the default', async () => {
    const it = setUp({ maxQueueSize: 0, spansPerSecond: Number.NaN, delayMs: '5', burst: null });
    it.startMany(3);
    await it.clock.advance(DELAY_MS);
    assert.equal(it.exporter.names.length, 3);
  });
});

describe('flushing and shutting down', () => {
  test('flushing sends everything at once, and holds the process meanwhile', async () => {
    const it = setUp({ maxBatchSize: 2, burst: 1, spansPerSecond: 1 });
    it.startMany(5);
    let heldDuring;
    it.exporter.answer = () => {
      heldDuring = it.clock.holds;
      return OK;
    };
    await it.processor.forceFlush();
    assert.equal(it.exporter.names.length, 5);
    assert.equal(heldDuring, 1);
    assert.equal(it.clock.holds, 0);
    assert.equal(it.clock.pending, 0);
  });

  test('flushing twice at the same time sends everything once', async () => {
    const it = setUp({ maxBatchSize: 2 });
    it.startMany(5);
    await Promise.all([it.processor.forceFlush(), it.processor.forceFlush()]);
    assert.deepEqual([...it.exporter.names].sort(), [
      'span 0',
      'span 1',
      'span 2',
      'span 3',
      'span 4',
    ]);
  });

  test('flushing stops at the first failure and leaves the rest for later', async () => {
    const it = setUp({ maxBatchSize: 2 });
    it.startMany(5);
    it.exporter.answer = () => FAILED;
    await it.processor.forceFlush();
    assert.equal(it.exporter.batches.length, 1);
    assert.equal(it.processor.stats.waiting, 3);
    it.exporter.answer = () => OK;
    await it.clock.advance(10_000);
    assert.equal(it.processor.stats.sent, 3);
    assertAllCounted(it.processor, 5);
  });

  test('flushing ends though spans start all the time', async () => {
    const it = setUp({ maxBatchSize: 1 });
    it.start('first');
    it.exporter.answer = () => {
      it.start('another');
      return OK;
    };
    await it.processor.forceFlush();
    assert.ok(it.exporter.names.includes('first'));
    assert.ok(it.exporter.names.length <= 3);
  });

  test('flushing with nothing to send does nothing', async () => {
    const it = setUp();
    await it.processor.forceFlush();
    assert.deepEqual(it.exporter.batches, []);
  });

  test('after the shutdown nothing is taken any more', async () => {
    const it = setUp();
    it.start('before');
    const [first, second] = [it.processor.shutdown(), it.processor.shutdown()];
    assert.equal(first, second);
    await first;
    it.start('after');
    await it.clock.advance(10_000);
    assert.deepEqual(it.exporter.names, ['before']);
    assert.equal(it.exporter.shutdowns, 1);
    assert.equal(it.clock.pending, 0);
  });

  test('what a shutdown cannot send is dropped and counted', async () => {
    const it = setUp({ maxBatchSize: 1 });
    it.startMany(3);
    it.exporter.answer = () => FAILED;
    await it.processor.shutdown();
    const { rejected, dropped, waiting } = it.processor.stats;
    assert.deepEqual({ rejected, dropped, waiting }, { rejected: 1, dropped: 2, waiting: 0 });
  });
});

describe('the exporter', () => {
  test('runs without tracing, so that its own requests make no spans', async () => {
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const storage = new AsyncLocalStorage();
    context.setGlobalContextManager({
      active: () => storage.getStore() ?? ROOT_CONTEXT,
      with: (active, fn, self, ...args) => storage.run(active, () => fn.apply(self, args)),
      bind: (_, target) => target,
      enable() {
        return this;
      },
      disable() {
        return this;
      },
    });
    try {
      for (const sdk of SDKS) {
        const it = setUp({ sdk });
        const seen = [];
        it.exporter.answer = () => {
          seen.push(it.provider.getTracer('http').startSpan('POST').isRecording());
          return OK;
        };
        const parent = it.start('agent');
        context.with(trace.setSpan(ROOT_CONTEXT, parent), () => it.start('tool'));
        await it.clock.advance(DELAY_MS);
        assert.deepEqual(seen, [false], sdk.name);
      }
    } finally {
      context.disable();
    }
  });
});
