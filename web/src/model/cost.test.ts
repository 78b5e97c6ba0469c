// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { alignCost, explainCost, formatCost, toCost } from './cost';

describe('toCost and formatCost', () => {
  it.each([
    ['a computed price', { usd: 0.5, status: 'priced' }, '$0.500'],
    ['a reported price', { usd: 0.25, status: 'reported' }, '$0.250'],
    ['a lower bound', { usd: 1, status: 'partial' }, '≥\u00a0$1.000'],
    ['unpriced is not zero', { usd: undefined, status: 'unpriced' }, 'unpriced'],
    ['an amount that is said to be unpriced', { usd: 0, status: 'unpriced' }, 'unpriced'],
    ['a price without an amount', { usd: undefined, status: 'priced' }, 'unpriced'],
    ['a free model costs zero', { usd: 0, status: 'priced' }, '$0.00'],
    ['no status, nothing to price', { usd: undefined, status: undefined }, '–'],
    ['an amount nobody vouches for', { usd: 0.2, status: undefined }, '–'],
    ['a word nobody knows', { usd: 0.2, status: 'guessed' }, '–'],
  ])('%s', (_name, facts, expected) => {
    expect(formatCost(toCost(facts))).toBe(expected);
  });

  it('explains each figure and stays silent on none', () => {
    expect(explainCost({ kind: 'reported', usd: 1 })).toContain('reported by the sender');
    expect(explainCost({ kind: 'unpriced' })).toContain('no price');
    expect(explainCost({ kind: 'nothing' })).toBeUndefined();
  });
});

describe('alignCost', () => {
  it.each(['$0.00017', '$0.0039', '$0.823', '$12.34', '≥\u00a0$1.000', '<$0.00001'])(
    'puts the point of %s at the same distance from the right',
    (text) => {
      const aligned = alignCost(text);
      expect(aligned.length - aligned.indexOf('.')).toBe(6);
      expect(aligned.trimEnd()).toBe(text);
    },
  );

  it('leaves room for the point that a whole sum does not have', () => {
    expect(alignCost('$1,234')).toHaveLength('$1,234'.length + 6);
    expect(alignCost('unpriced')).toBe('unpriced');
  });
});
