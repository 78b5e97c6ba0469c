// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import type { Usage } from './span';
import { outputRate, usageParts } from './usageParts';

const usage = (changes: Partial<Usage>): Usage => ({
  inputTotal: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  outputTotal: undefined,
  reasoning: undefined,
  audioIn: undefined,
  audioOut: undefined,
  total: undefined,
  ...changes,
});

const sketch = (changes: Partial<Usage>): string =>
  usageParts(usage(changes))
    .map(({ label, tokens }) => `${tokens} ${label}`)
    .join(', ');

describe('the tokens of a call', () => {
  it.each([
    ['in and out', { inputTotal: 10, outputTotal: 5 }, '10 in, 5 out'],
    ['cached', { inputTotal: 10, cacheRead: 8, outputTotal: 5 }, '8 cached, 2 new, 5 out'],
    [
      'written',
      { inputTotal: 10, cacheRead: 1, cacheWrite: 2 },
      '1 cached, 2 written to cache, 7 new',
    ],
    ['reasoning', { outputTotal: 9, reasoning: 4 }, '5 out, 4 reasoning'],
    ['more cached than there was', { inputTotal: 1, cacheRead: 2 }, ''],
    ['nothing known', { total: 4 }, ''],
  ])('%s', (_, changes, expected) => {
    expect(sketch(changes)).toBe(expected);
  });

  it('has a rate once the first token is known', () => {
    expect(outputRate(usage({ outputTotal: 100 }), 3, 1)).toBe(50);
    expect(outputRate(usage({ outputTotal: 100 }), 3, undefined)).toBeUndefined();
    expect(outputRate(usage({ outputTotal: 100 }), 1, 1)).toBeUndefined();
  });
});
