// SPDX-License-Identifier: Apache-2.0
// An agent's run, sent step by step over OTLP/JSON: a step is announced by a pending span when it begins
// (in Logfire's wire form, as docs/live.md describes it) and sent when it has ended.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

const noParent = '0'.repeat(16);

const toAttributes = (values) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: String(value) },
  }));

export class LiveRun {
  #otlpUrl;
  #startMs;
  #resource;
  #steps = new Map();
  traceId = randomBytes(16).toString('hex');

  /** Times of the steps are seconds after `startMs`. */
  constructor({ otlpUrl, startMs, resource }) {
    this.#otlpUrl = otlpUrl;
    this.#startMs = startMs;
    this.#resource = resource;
  }

  /**
   * A step has begun, but nobody is told. `parent` is one that has begun, too; `name` is given to a step
   * that goes by another name among its like.
   */
  expect(step, at, { parent, name = step, ...attributes }) {
    const spanId = randomBytes(8).toString('hex');
    this.#steps.set(step, { spanId, at, parent, name, attributes });
    return spanId;
  }

  /** Announces a step. */
  async begin(step, at, facts) {
    const spanId = this.expect(step, at, facts);
    const { parent, name, attributes } = this.#steps.get(step);
    await this.#send({
      spanId: randomBytes(8).toString('hex'),
      parentSpanId: spanId,
      name,
      startTimeUnixNano: this.#time(at),
      endTimeUnixNano: this.#time(at),
      attributes: toAttributes({
        ...attributes,
        'logfire.span_type': 'pending_span',
        'logfire.pending_parent_id': this.#idOf(parent) ?? noParent,
      }),
    });
    return spanId;
  }

  async end(step, at, attributes = {}) {
    const { spanId, at: startedAt, parent, name, attributes: known } = this.#steps.get(step);
    await this.#send({
      spanId,
      parentSpanId: this.#idOf(parent),
      name,
      startTimeUnixNano: this.#time(startedAt),
      endTimeUnixNano: this.#time(at),
      attributes: toAttributes({ ...known, ...attributes }),
    });
  }

  /** A step that was not announced. */
  async sendEnded(step, [from, to], attributes) {
    this.expect(step, from, attributes);
    await this.end(step, to);
  }

  #idOf(step) {
    return this.#steps.get(step)?.spanId;
  }

  #time(at) {
    return String(BigInt(Math.round((this.#startMs + at * 1000) * 1000)) * 1000n);
  }

  async #send(span) {
    const answer = await fetch(`${this.#otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: toAttributes(this.#resource) },
            scopeSpans: [{ spans: [{ traceId: this.traceId, kind: 1, ...span }] }],
          },
        ],
      }),
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    assert.deepEqual(JSON.parse(text), {}, 'every span is accepted');
  }
}

export const agentStep = (name) => ({
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': name,
});

export const modelStep = (parent, model) => ({
  parent,
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': model,
});

export const modelEnd = (input, output) => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
});

export const toolStep = (parent, tool) => ({
  parent,
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': tool,
});

/** Where the server at the given address receives OTLP over HTTP. */
export async function otlpUrlOf(baseUrl) {
  const answer = await fetch(`${baseUrl}/api/v1/observability/overview`);
  const { ports } = await answer.json();
  return `http://${new URL(baseUrl).hostname}:${ports.otlp_http}`;
}

/** One run of an agent with one call, over some seconds ago: a million tokens in, half a million out. */
export async function sendModelCall(otlpUrl, { agent, model, provider = 'acme' }) {
  const run = new LiveRun({
    otlpUrl,
    startMs: Date.now() - 10_000,
    resource: { 'service.name': 'cost-journey' },
  });
  run.expect('agent', 0, { name: `invoke_agent ${agent}`, ...agentStep(agent) });
  await run.sendEnded('call', [1, 3], {
    ...modelStep('agent', model),
    ...agentStep(agent),
    ...modelEnd(1_000_000, 500_000),
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
  });
  await run.end('agent', 4);
  return run.traceId;
}
