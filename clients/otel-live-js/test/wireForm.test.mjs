// SPDX-License-Identifier: Apache-2.0

// What arrives at a receiver. ../../pending_spans.json is the wire form; the tests of the Python
// package hold it to the same file.

import { ROOT_CONTEXT, SpanKind, TraceFlags, createTraceState, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { LiveSpanProcessor } from '@sightline/otel-live';

import { startReceiver } from './support/receiver.mjs';
import { SDKS } from './support/sdks.mjs';

const EXPECTED = JSON.parse(readFileSync(new URL('../../pending_spans.json', import.meta.url)));
const MAX_ATTRIBUTE_LENGTH = 40;
const START = [1_700_000_000, 123_456_789];

let receiver;
before(async () => {
  receiver = await startReceiver();
});
after(() => receiver?.stop());

/** Plays the run of the golden file. @returns the ids of its spans, by name. */
function play({ makeProvider, makeResource }, processor) {
  const resource = makeResource({ 'service.name': 'shop' });
  const tracer = makeProvider({ resource }, [processor]).getTracer('agents', '1.2');
  const link = {
    context: {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    },
    attributes: { reason: 'retry' },
  };
  const root = tracer.startSpan(
    'invoke_agent planner',
    {
      startTime: START,
      links: [link],
      attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' },
    },
    ROOT_CONTEXT,
  );
  root.addEvent('planned', { steps: 3 }, [1_700_000_000, 200_000_000]);
  const child = tracer.startSpan(
    'chat',
    {
      startTime: [1_700_000_001, 0],
      kind: SpanKind.CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.max_tokens': 100,
        'gen_ai.request.stream': true,
        'gen_ai.request.stop_sequences': ['.', '!'],
        'gen_ai.input.messages': 'x'.repeat(MAX_ATTRIBUTE_LENGTH + 1),
      },
    },
    trace.setSpan(ROOT_CONTEXT, root),
  );
  child.updateName('chat model-1');
  return {
    TRACE: root.spanContext().traceId,
    ROOT: root.spanContext().spanId,
    CHILD: child.spanContext().spanId,
  };
}

/** Version 1 of the SDK puts itself into every resource. */
function withoutSdk(body) {
  for (const { resource } of body.resourceSpans) {
    resource.attributes = resource.attributes.filter(({ key }) => !key.startsWith('telemetry.'));
  }
  return body;
}

/** The request with ids replaced by names; ids that are in none of the real spans are new. */
function named(body, ids) {
  let text = JSON.stringify(body);
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(id, name);
  let found = 0;
  return JSON.parse(
    text.replace(/"spanId":"([0-9a-f]{16})","parentSpanId"/g, (_, id) => {
      assert.ok(!Object.values(ids).includes(id));
      found += 1;
      return `"spanId":"NEW ${found}","parentSpanId"`;
    }),
  );
}

async function requestOf(sdk, options) {
  receiver.requests.splice(0);
  const processor = new LiveSpanProcessor({ maxAttributeLength: MAX_ATTRIBUTE_LENGTH, ...options });
  const ids = play(sdk, processor);
  await processor.shutdown();
  assert.equal(processor.stats.sent, 2, JSON.stringify(processor.stats));
  assert.equal(processor.stats.omittedAttributes, 1);
  assert.equal(receiver.requests.length, 1);
  return { ids, ...receiver.requests[0] };
}

for (const sdk of SDKS) {
  describe(sdk.name, () => {
    test('is sent in the wire form', async () => {
      const { ids, body, path, headers } = await requestOf(sdk, { endpoint: receiver.url });
      assert.deepEqual(named(withoutSdk(body), ids), EXPECTED);
      assert.equal(path, '/v1/traces');
      assert.equal(headers['content-type'], 'application/json');
    });
  });
}

describe("OpenTelemetry's own exporter", () => {
  /** Integers as this package writes them, in strings. */
  const normalized = (value) =>
    JSON.parse(JSON.stringify(value, (key, item) => (key === 'intValue' ? String(item) : item)));

  test('sends the same from the pending spans that it is given', async () => {
    const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
    const { ids, body } = await requestOf(SDKS[1], { exporter });
    for (const { resource } of body.resourceSpans) delete resource.droppedAttributesCount;
    assert.deepEqual(normalized(named(body, ids)), EXPECTED);
  });
});

describe('a parent in another process', () => {
  test('is named, and its trace state kept', async () => {
    receiver.requests.splice(0);
    const processor = new LiveSpanProcessor({ endpoint: receiver.url });
    const tracer = SDKS[1].makeProvider({}, [processor]).getTracer('agents');
    const parent = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
      traceState: createTraceState('vendor=1'),
    };
    const span = tracer.startSpan('agent', {}, trace.setSpanContext(ROOT_CONTEXT, parent));
    await processor.shutdown();
    const [sent] = receiver.spans();
    assert.equal(sent.traceId, parent.traceId);
    assert.equal(sent.parentSpanId, span.spanContext().spanId);
    assert.equal(sent.traceState, 'vendor=1');
    assert.deepEqual(sent.attributes, [
      { key: 'logfire.span_type', value: { stringValue: 'pending_span' } },
      { key: 'logfire.pending_parent_id', value: { stringValue: parent.spanId } },
    ]);
  });
});
