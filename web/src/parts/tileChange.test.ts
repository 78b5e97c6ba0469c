// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { tileChange, tilePoints } from './tileChange';

describe('tileChange', () => {
  it.each([
    [150, 100, 'less', '↑ 50\u202f%', 'error'],
    [50, 100, 'less', '↓ 50\u202f%', 'ok'],
    [102, 100, 'less', '↑ 2\u202f%', 'quiet'],
    [150, 100, 'none', '↑ 50\u202f%', 'quiet'],
    [100, 100, 'less', '± 0\u202f%', 'quiet'],
    [5000, 100, 'none', '↑ > 1,000\u202f%', 'quiet'],
  ] as const)('%s after %s', (now, before, better, text, tone) => {
    expect(tileChange(now, before, better)).toMatchObject({ text, tone });
  });
  it('says nothing without a figure to compare with', () => {
    expect(tileChange(5, 0)).toBeUndefined();
    expect(tileChange(5, undefined)).toBeUndefined();
    expect(tileChange(undefined, 5)).toBeUndefined();
  });
});

describe('tilePoints', () => {
  it.each([
    [3.4, 3, '↑ 0.4 points', 'quiet'],
    [4.4, 3, '↑ 1.4 points', 'error'],
    [1, 3, '↓ 2 points', 'ok'],
    [3, 3, '± 0 points', 'quiet'],
  ] as const)('%s after %s', (now, before, text, tone) => {
    expect(tilePoints(now, before)).toMatchObject({ text, tone });
  });
  it('says nothing where one is unknown', () => {
    expect(tilePoints(3, undefined)).toBeUndefined();
  });
});
