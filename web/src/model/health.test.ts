// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compareFailures } from './health';

const outcomes = (failed: number, ended: number) => ({ failed, completed: ended - failed });

describe('compareFailures', () => {
  it.each([
    ['a busy server that fails as usual', outcomes(35, 1000), outcomes(800, 24_000), 'usual'],
    ['one failure of few', outcomes(1, 6), outcomes(10, 1000), 'usual'],
    ['three failures of few', outcomes(3, 6), outcomes(10, 1000), 'worse'],
    ['many runs, a little worse', outcomes(2_300, 50_000), outcomes(40_000, 1_000_000), 'worse'],
    ['half of many', outcomes(50, 100), outcomes(30, 1000), 'worse'],
    ['hardly any where many were usual', outcomes(1, 200), outcomes(500, 1000), 'better'],
    ['no failure at all', outcomes(0, 50), outcomes(0, 500), 'usual'],
    ['too few now', outcomes(2, 4), outcomes(10, 1000), 'unknown'],
    ['nothing to compare with', outcomes(5, 100), outcomes(0, 0), 'unknown'],
  ])('%s', (_name, recent, before, verdict) => {
    expect(compareFailures(recent, before).verdict).toBe(verdict);
  });

  it('gives both rates, and none where nothing ended', () => {
    expect(compareFailures(outcomes(1, 4), outcomes(1, 2))).toMatchObject({
      recent: 25,
      usual: 50,
    });
    expect(compareFailures(outcomes(0, 0), outcomes(0, 0))).toMatchObject({
      recent: undefined,
      usual: undefined,
    });
  });
});
