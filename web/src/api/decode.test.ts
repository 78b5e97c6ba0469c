// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { formatCost } from '../model/cost';
import { DecodeError } from './decodeError';
import { decodeOverview } from './decodeOverview';
import { decodeSpan } from './decodeSpan';
import { decodeRunPage } from './decodeTrace';

const run = {
  trace_id: 't1',
  workflow_id: 'support',
  name: 'support agent',
  status: 'completed',
  start_time: '2026-11-23T22:00:00.000000001Z',
  end_time: '2026-11-23T22:00:02Z',
  duration: 1.999999999,
  span_count: 3,
  error_count: 0,
  agent: 'support',
  session_id: 's',
  models: ['gpt-4.1'],
  total_tokens: 1200,
  cost: 0.012,
  cost_status: 'priced',
  demo: true,
};

describe('decodeRunPage', () => {
  it('reads a page as the contract gives it', () => {
    const page = decodeRunPage({ traces: [run], total: 7, next_cursor: 'abc' });
    expect(page).toMatchObject({ total: 7, nextCursor: 'abc' });
    expect(page.runs[0]).toMatchObject({
      traceId: 't1',
      status: 'completed',
      startNs: 1_795_471_200_000_000_001n,
      totalTokens: 1200,
      isDemo: true,
    });
  });

  it('tells where a search stopped', () => {
    const search = (is_complete: boolean, stopped_in: unknown) =>
      decodeRunPage({
        traces: [],
        total: null,
        total_at_least: 10_000,
        next_cursor: null,
        search: { is_complete, stopped_in },
      });
    expect(search(false, '2026-11-20')).toMatchObject({
      total: 10_000,
      searchedFrom: '2026-11-20',
    });
    expect(search(true, null).searchedFrom).toBeUndefined();
  });

  it('takes a running run without an end', () => {
    const open = {
      ...run,
      status: 'running',
      end_time: null,
      duration: null,
      cost: null,
      cost_status: 'unpriced',
    };
    const [decoded] = decodeRunPage({ traces: [open] }).runs;
    expect(decoded).toMatchObject({
      endNs: undefined,
      durationSeconds: undefined,
      cost: { kind: 'unpriced' },
    });
  });

  it('claims neither tokens nor a missing price while the first model call runs', () => {
    const begun = { ...run, status: 'running', total_tokens: 0, cost: null, cost_status: null };
    expect(decodeRunPage({ traces: [begun] }).runs[0]).toMatchObject({
      totalTokens: undefined,
      cost: { kind: 'nothing' },
    });
  });

  it('shows no cost and no tokens for a run without models', () => {
    const [decoded] = decodeRunPage({
      traces: [{ trace_id: 't', models: [], total_tokens: 0, cost: null }],
    }).runs;
    expect(decoded).toMatchObject({
      totalTokens: undefined,
      cost: { kind: 'nothing' },
      name: 't',
      status: 'unknown',
    });
  });

  it('reads signs of trouble, the latest last, and takes none for none', () => {
    const signs = [
      {
        kind: 'silent',
        span_id: null,
        message: 'Quiet for 3 m',
        raised_at: '2026-01-01T00:00:09Z',
      },
      { kind: 'step_overdue', span_id: 'a', message: 'Late', raised_at: '2026-01-01T00:00:04Z' },
      { raised_at: 12 },
      'odd',
    ];
    const page = decodeRunPage({ traces: [{ ...run, signs }, run] });
    expect(page.runs[0]?.signs).toEqual([
      { kind: 'unknown', spanId: undefined, message: 'unknown', raisedAtNs: undefined },
      {
        kind: 'step_overdue',
        spanId: 'a',
        message: 'Late',
        raisedAtNs: 1_767_225_604_000_000_000n,
      },
      {
        kind: 'silent',
        spanId: undefined,
        message: 'Quiet for 3 m',
        raisedAtNs: 1_767_225_609_000_000_000n,
      },
    ]);
    expect(page.runs[1]?.signs).toEqual([]);
  });

  it.each([
    ['an array', [], 'not an object'],
    ['no list', { total: 1 }, 'no "traces"'],
    ['a trace without id', { traces: [{ name: 'x' }] }, 'no trace_id'],
  ])('refuses %s', (_name, value, message) => {
    expect(() => decodeRunPage(value)).toThrow(DecodeError);
    expect(() => decodeRunPage(value)).toThrow(message);
  });
});

describe('decodeSpan', () => {
  it.each([
    ['priced', { cost: 0.002, cost_status: 'priced', usage: { total: 10 } }, '$0.0020'],
    ['unpriced', { cost: null, cost_status: 'unpriced', usage: { input_total: 10 } }, 'unpriced'],
    ['a call that failed without usage', { cost: null, kind: 'llm', model: 'x' }, '–'],
    [
      'an agent that repeats the tokens of its call',
      { cost: null, cost_status: null, kind: 'agent', usage: { total: 10 } },
      '–',
    ],
    ['a tool has no cost', { cost: null, kind: 'tool' }, '–'],
  ])('cost: %s', (_name, fields, expected) => {
    expect(formatCost(decodeSpan({ span_id: 'a', ...fields }).cost)).toBe(expected);
  });

  it('knows spans that are part of no sum', () => {
    expect(decodeSpan({ span_id: 'a', counted: false }).isCounted).toBe(false);
    expect(decodeSpan({ span_id: 'a', counted: true }).isCounted).toBe(true);
    expect(decodeSpan({ span_id: 'a' }).isCounted).toBe(true);
  });

  it('sums a total only where a part is known', () => {
    expect(
      decodeSpan({ span_id: 'a', usage: { input_total: 3, output_total: 4 } }).usage?.total,
    ).toBe(7);
    expect(decodeSpan({ span_id: 'a', usage: { cache_read: 3 } }).usage?.total).toBeUndefined();
    expect(decodeSpan({ span_id: 'a' }).usage).toBeUndefined();
  });

  it('computes a missing duration from both times and never from one', () => {
    const times = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T00:00:01.5Z' };
    expect(decodeSpan({ span_id: 'a', ...times }).durationSeconds).toBe(1.5);
    expect(decodeSpan({ span_id: 'a', ...times, end_time: null }).durationSeconds).toBeUndefined();
  });

  it('calls a kind and a status it does not know other and unknown', () => {
    expect(decodeSpan({ span_id: 'a', kind: 'quantum', status: 'pondering' })).toMatchObject({
      kind: 'other',
      status: 'unknown',
    });
  });

  it('needs an id', () => {
    expect(() => decodeSpan({ name: 'x' })).toThrow('span_id');
  });
});

describe('decodeOverview', () => {
  it('reads the figures', () => {
    const overview = decodeOverview({
      system_health: {
        health_status: 'warning',
        success_rate: 92.5,
        total_executions: 40,
        completed_executions: 37,
        failed_executions: 3,
      },
      real_time_metrics: { running_executions: 2, recent_executions: 5, tokens_per_minute: 1234.5 },
      ports: { otlp_http: 4318 },
    });
    expect(overview).toMatchObject({
      running: 2,
      startedLast5Minutes: 5,
      tokensPerMinute: 1234.5,
      healthStatus: 'warning',
      successRate: 92.5,
      ports: { otlpHttp: 4318, otlpGrpc: undefined },
    });
  });

  it('claims no success rate before anything has finished', () => {
    const health = {
      success_rate: 0,
      total_executions: 1,
      running_executions: 1,
      completed_executions: 0,
      failed_executions: 0,
    };
    expect(decodeOverview({ system_health: health }).successRate).toBeUndefined();
  });

  it('leaves absent what is absent', () => {
    expect(decodeOverview({})).toMatchObject({
      running: undefined,
      healthStatus: undefined,
      successRate: undefined,
    });
  });
});
