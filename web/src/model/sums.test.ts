// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { beginAtFirst, changePercent, lateStart, modelName, stepTimes, valuesOver } from './sums';
import type { Counts, SumGroup, Sums } from './sums';

const group: SumGroup = {
  keys: {},
  values: {},
  cost: { kind: 'nothing' },
  points: [
    { timeMs: 100, values: { count: 4, p95_duration: 2, cost: undefined } },
    { timeMs: 120, values: { count: 1, p95_duration: 1, cost: 3 } },
  ],
};

function sums(groups: readonly SumGroup[], fromMs: number, toMs: number): Sums {
  return { stepMs: 10, totalGroups: groups.length, groups, period: { fromMs, toMs } };
}

describe('stepTimes', () => {
  it('covers the period in steps that the points stand on', () => {
    expect(stepTimes(sums([group], 94, 135))).toEqual([90, 100, 110, 120, 130]);
  });
  it('covers it without points, too', () => {
    expect(stepTimes(sums([], 94, 115))).toEqual([90, 100, 110]);
  });
  it('never makes more steps than can be drawn', () => {
    expect(stepTimes(sums([], 0, 1e9))).toHaveLength(2000);
  });
});

describe('valuesOver', () => {
  const times = [90, 100, 110, 120];
  it.each([
    ['count', [0, 4, 0, 1]],
    ['p95_duration', [undefined, 2, undefined, 1]],
    ['cost', [0, undefined, 0, 3]],
  ])('%s', (measure, expected) => expect(valuesOver(group, measure, times)).toEqual(expected));
  it('is nothing without a group', () => {
    expect(valuesOver(undefined, 'count', [1])).toEqual([0]);
  });
});

describe('small things', () => {
  it.each([
    ['openai/gpt-4o', 'gpt-4o'],
    ['router/meta/llama', 'meta/llama'],
    ['gpt-4o', 'gpt-4o'],
  ])('%s is %s in lists', (key, name) => expect(modelName(key)).toBe(name));
  it.each([
    [15, 10, 50],
    [5, 10, -50],
    [5, 0, undefined],
    [undefined, 3, undefined],
  ])('%s after %s is %s more', (now, before, more) =>
    expect(changePercent(now, before)).toBe(more),
  );
});

describe('the beginning of counts', () => {
  const counts = (...totals: readonly number[]): Counts => ({
    stepMs: 10,
    period: { fromMs: 3, toMs: totals.length * 10 },
    buckets: totals.map((total, place) => ({ timeMs: place * 10, total, values: {} })),
  });
  it.each([
    ['of a period with something all along', counts(1, 0, 0, 0, 2), undefined],
    ['of one that begins in its middle', counts(0, 0, 1, 2, 2), undefined],
    ['of one that is mostly over before', counts(0, 0, 0, 0, 2), 40],
    ['of one with nothing', counts(0, 0), undefined],
  ])('%s', (_name, one, expected) => {
    expect(lateStart(one)).toBe(expected);
  });
  it('can be moved to the first', () => {
    expect(beginAtFirst(counts(0, 0, 5, 0, 1))).toMatchObject({
      period: { fromMs: 20, toMs: 50 },
      buckets: [{ total: 5 }, { total: 0 }, { total: 1 }],
      isLate: true,
    });
  });
});
