// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { axisTicks } from './timeAxis';

describe('axisTicks', () => {
  it.each([
    [0.01, '0 2 ms 4 ms 6 ms 8 ms 10 ms'],
    [2.3, '0 500 ms 1 s 1.5 s 2 s'],
    [7, '0 2 s 4 s 6 s'],
    [42, '0 10 s 20 s 30 s 40 s'],
    [75, '0 20 s 40 s 1 m'],
    [150, '0 30 s 1 m 1 m 30 s 2 m 2 m 30 s'],
    [200, '0 1 m 2 m 3 m'],
    [7200, '0 30 m 1 h 1 h 30 m 2 h'],
  ])('%s seconds', (seconds, expected) => {
    const labels = axisTicks({ from: 0, to: seconds }, 5).map((tick) => tick.label);
    expect(labels.join(' ').replaceAll('\u202f', ' ')).toBe(expected);
  });

  it.each([1e-9, 3e-7, 0.5, 59, 61, 3599, 86_399, 1e7])(
    'at most six ticks within the axis of %s s',
    (seconds) => {
      const ticks = axisTicks({ from: 0, to: seconds }, 5);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every((tick) => tick.at >= 0 && tick.at <= 1 + 1e-9)).toBe(true);
    },
  );

  it('an axis without length has one tick', () => {
    expect(axisTicks({ from: 0, to: 0 }, 5)).toEqual([{ at: 0, label: '0' }]);
  });

  it.each([
    ['from the middle', 12.3, 17.1, '13 s 14 s 15 s 16 s 17 s'],
    ['from a round time', 10, 20, '10 s 12 s 14 s 16 s 18 s 20 s'],
    [
      'too small for the figures',
      75.0012,
      75.0018,
      '1 m 15 s +100 µs +200 µs +300 µs +400 µs +500 µs +600 µs',
    ],
  ])('%s', (_name, from, to, expected) => {
    const labels = axisTicks({ from, to }, 6).map((tick) => tick.label);
    expect(labels.join(' ').replaceAll('\u202f', ' ')).toBe(expected);
  });
});
