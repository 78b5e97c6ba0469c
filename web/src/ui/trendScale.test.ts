// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { nearestTime, shareOf, trendScale } from './trendScale';

describe('trendScale', () => {
  it('reaches half a step beyond both ends', () => {
    expect(trendScale([10, 20, 30])).toEqual({ from: 5, to: 35 });
  });
  it('gives a single time room', () => {
    expect(trendScale([7200])).toEqual({ from: 5400, to: 9000 });
  });
});

describe('nearestTime', () => {
  const times = [10, 20, 30];
  const scale = trendScale(times);
  it.each([
    [0, 0],
    [0.32, 0],
    [0.34, 1],
    [0.67, 2],
    [1, 2],
    [-3, 0],
    [7, 2],
  ])('at %s is %s', (share, expected) => expect(nearestTime(times, share, scale)).toBe(expected));
  it('is none of none', () => expect(nearestTime([], 0.5, trendScale([]))).toBe(-1));
  it('is the inverse of the place', () => {
    times.forEach((time, index) =>
      expect(nearestTime(times, shareOf(time, scale), scale)).toBe(index),
    );
  });
});
