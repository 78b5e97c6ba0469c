// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeMetrics, decodeTraceMessage } from './decodeFeed';

describe('decodeMetrics', () => {
  it('reads the figures', () => {
    const figures = decodeMetrics({
      type: 'update',
      data: {
        real_time: { running_executions: 2, spans_per_second: 1.5 },
        health: { completed_executions: 3, failed_executions: 1, success_rate: 75 },
      },
    });
    expect(figures).toMatchObject({ running: 2, spansPerSecond: 1.5, successRate: 75 });
    expect(figures?.tokensPerMinute).toBeUndefined();
  });

  it('says nothing where there are no figures', () => {
    expect(decodeMetrics({ type: 'maintenance' })).toBeUndefined();
  });
});

describe('decodeTraceMessage', () => {
  it('reads spans as far as the feed tells of them', () => {
    const { news, skipped } = decodeTraceMessage({
      type: 'spans',
      skipped: 3,
      spans: [
        { span_id: 'a', name: 'agent', status: 'running', start_time: '2026-01-02T03:04:05Z' },
        { name: 'has no id' },
        { span_id: 'b', parent_span_id: 'a', parent_missing: null, duration: 2, kind: 'tool' },
      ],
    });
    expect(skipped).toBe(3);
    if (news.kind !== 'spans') throw new Error(news.kind);
    const [first, second] = news.spans;
    expect(news.spans.length).toBe(2);
    expect(first).toMatchObject({ id: 'a', status: 'running', knownFrom: 'feed' });
    expect(first?.endNs).toBeUndefined();
    expect(first?.parentMissing).toBeUndefined();
    // Should its parent not be there, it is on its way.
    expect(second).toMatchObject({ id: 'b', kind: 'tool', parentMissing: 'not_yet_arrived' });
  });

  it.each([
    ['initial', { type: 'initial' }, { kind: 'initial' }],
    ['a change of the run', { type: 'trace', status: 'failed' }, { kind: 'run', status: 'failed' }],
    [
      'a status update',
      { type: 'status_update', status: 'ok' },
      { kind: 'run', status: 'completed' },
    ],
    ['anything else', { type: 'weather' }, { kind: 'other' }],
    ['nothing', {}, { kind: 'other' }],
  ])('%s', (_name, message, news) => {
    expect(decodeTraceMessage(message)).toEqual({ news, skipped: 0 });
  });
});
