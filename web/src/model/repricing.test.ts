// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { changedModels, repricingTime } from './repricing';
import type { ModelRepricing } from './repricing';

const nowMs = Date.parse('2026-03-02T00:00:00Z');

describe('the time that is priced again', () => {
  it.each([
    [
      'a stretch that ends now',
      { t: '1h' },
      '2026-03-01T23:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ],
    [
      'two moments',
      { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
      '2026-01-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
    ],
    [
      'a start alone',
      { from: '2026-01-01T00:00:00Z' },
      '2026-01-01T00:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ],
    ['no time', {}, '2025-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
  ])('is fixed: %s', (_, filter, start, end) => {
    expect(repricingTime(filter, nowMs)).toEqual({ start_time: start, end_time: end });
  });
});

describe('models whose figures change', () => {
  const one = (model: string, change: Partial<ModelRepricing>): ModelRepricing => ({
    model,
    calls: 1,
    oldUsd: 1,
    newUsd: 1,
    unpricedBefore: 0,
    unpricedAfter: 0,
    ...change,
  });
  it('come by the size of the difference, those that stay are left out', () => {
    const models = [
      one('a/same', {}),
      one('b/little', { newUsd: 1.5 }),
      one('c/cheaper', { newUsd: 0.1 }),
      one('d/free', { unpricedBefore: 3 }),
    ];
    expect(changedModels(models).map(({ model }) => model)).toEqual([
      'c/cheaper',
      'b/little',
      'd/free',
    ]);
  });
});
