// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { explainCost, formatCost, toCost } from './cost';

describe('toCost and formatCost', () => {
  it.each([
    ['a computed price', { usd: 0.5, status: 'priced', usedModel: true }, '$0.500'],
    ['a reported price', { usd: 0.25, status: 'reported', usedModel: true }, '$0.250'],
    ['a lower bound', { usd: 1, status: 'partial', usedModel: true }, '≥ $1.000'],
    [
      'null is unpriced, not zero',
      { usd: undefined, status: 'unpriced', usedModel: true },
      'unpriced',
    ],
    [
      'null without a word is unpriced too',
      { usd: undefined, status: undefined, usedModel: true },
      'unpriced',
    ],
    [
      'zero called unpriced is unpriced',
      { usd: 0, status: 'unpriced', usedModel: true },
      'unpriced',
    ],
    [
      'an amount called unpriced is a lower bound',
      { usd: 2, status: 'unpriced', usedModel: true },
      '≥ $2.000',
    ],
    [
      'a zero without a word is unpriced',
      { usd: 0, status: undefined, usedModel: true },
      'unpriced',
    ],
    ['a free model costs zero', { usd: 0, status: 'priced', usedModel: true }, '$0.00'],
    ['no model, nothing to price', { usd: undefined, status: 'unpriced', usedModel: false }, '–'],
    ['no model and zero is nothing', { usd: 0, status: 'priced', usedModel: false }, '–'],
  ])('%s', (_name, facts, expected) => {
    expect(formatCost(toCost(facts))).toBe(expected);
  });

  it('explains each figure and stays silent on none', () => {
    expect(explainCost({ kind: 'reported', usd: 1 })).toContain('reported by the sender');
    expect(explainCost({ kind: 'unpriced' })).toContain('No price');
    expect(explainCost({ kind: 'nothing' })).toBeUndefined();
  });
});
