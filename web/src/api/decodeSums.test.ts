// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeCounts, decodeSums } from './decodeSums';

const period = { start: '2026-11-23T00:00:00Z', end: '2026-11-24T00:00:00Z', days: 1 };
const start = Date.parse(period.start);

describe('decodeSums', () => {
  it('reads groups with their points; null is unknown', () => {
    const sums = decodeSums({
      of: 'runs',
      bucket_seconds: 3600,
      total_groups: 3,
      period,
      groups: [
        {
          keys: { workflow_id: 'shop' },
          values: { count: 2, cost: null },
          cost_status: 'unpriced',
          points: [{ time: period.start, values: { count: 2 }, cost_status: 'unpriced' }],
        },
        { keys: {}, values: { cost: 1.5 }, cost_status: 'partial', points: null },
      ],
    });
    expect(sums).toEqual({
      stepMs: 3_600_000,
      totalGroups: 3,
      period: { fromMs: start, toMs: start + 86_400_000 },
      groups: [
        {
          keys: { workflow_id: 'shop' },
          values: { count: 2, cost: undefined },
          cost: { kind: 'unpriced' },
          points: [{ timeMs: start, values: { count: 2 } }],
        },
        { keys: {}, values: { cost: 1.5 }, cost: { kind: 'partial', usd: 1.5 }, points: [] },
      ],
    });
  });
  it('tells that not all groups were counted', () => {
    expect(decodeSums({ total_groups: null, groups: [], period }).totalGroups).toBe(Infinity);
  });
  it.each([
    ['no object', []],
    ['no period', { groups: [] }],
    ['a point without a time', { period, groups: [{ keys: {}, values: {}, points: [{}] }] }],
  ])('refuses %s', (_name, answer) => expect(() => decodeSums(answer)).toThrow());
});

describe('decodeCounts', () => {
  it('reads every step of time', () => {
    const counts = decodeCounts({
      of: 'runs',
      bucket_seconds: 60,
      period,
      buckets: [{ time: period.start, total: 3, values: { failed: 1, completed: 2 } }],
    });
    expect(counts.stepMs).toBe(60_000);
    expect(counts.buckets).toEqual([
      { timeMs: start, total: 3, values: { failed: 1, completed: 2 } },
    ]);
  });
  it('refuses an answer without a step', () => {
    expect(() => decodeCounts({ period, buckets: [] })).toThrow('bucket_seconds');
  });
});
