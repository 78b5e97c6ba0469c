// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { joinForecast } from './forecastSeries';

const steps = [
  { timeMs: 30_000, mean: 4, p80: { low: 3, high: 5 } },
  { timeMs: 40_000, mean: 6, p80: { low: 2, high: 9 } },
];
const past = {
  stepMs: 10_000,
  totalGroups: 1,
  period: { fromMs: 10_000, toMs: 34_000 },
  groups: [
    {
      keys: {},
      values: {},
      cost: { kind: 'nothing' } as const,
      points: [
        { timeMs: 10_000, values: { count: 7 } },
        // Not whole yet.
        { timeMs: 30_000, values: { count: 1 } },
      ],
    },
  ],
};

describe('joinForecast', () => {
  it('puts the forecast after the whole steps of the past', () => {
    const joined = joinForecast(past, 'count', steps);
    expect(joined.times).toEqual([10, 20, 30, 40]);
    expect(joined.past).toEqual([7, 0, undefined, undefined]);
    expect(joined.mean).toEqual([undefined, undefined, 4, 6]);
    expect(joined.low).toEqual([undefined, undefined, 3, 2]);
    expect(joined.high).toEqual([undefined, undefined, 5, 9]);
  });
  it('begins with the first run', () => {
    expect(joinForecast(past, 'count', steps, 20_000).times).toEqual([20, 30, 40]);
  });
  it('is the forecast alone while the past is on its way', () => {
    expect(joinForecast(undefined, 'count', steps).times).toEqual([30, 40]);
  });
});
