// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { costAt, parsePrice } from './ownPrice';
import type { PriceDraft } from './ownPrice';

const draft: PriceDraft = {
  provider: 'acme',
  model: 'house',
  rates: { input: '1', output: '4' },
  from: '',
  note: '',
};

describe('a price of one’s own', () => {
  it('keeps the text of numbers, so that nothing is rounded', () => {
    const { price } = parsePrice({ ...draft, rates: { input: '0.075', output: ' 4 ' } });
    expect(price?.body).toEqual({ prices: { input: '0.075', output: '4' } });
  });

  it.each([
    ['no provider', { ...draft, provider: ' ' }, 'provider'],
    ['no input', { ...draft, rates: { output: '4' } }, 'input'],
    ['a word for a number', { ...draft, rates: { input: 'one', output: '4' } }, 'input'],
    ['a negative price', { ...draft, rates: { input: '-1', output: '4' } }, 'input'],
    ['an absurd price', { ...draft, rates: { input: '10001', output: '4' } }, 'input'],
    ['a date that is none', { ...draft, from: '2026-13-41' }, 'from'],
    ['a note without end', { ...draft, note: 'x'.repeat(1001) }, 'note'],
  ])('names the field: %s', (_name, wrong, field) => {
    expect(Object.keys(parsePrice(wrong).problems ?? {})).toEqual([field]);
  });

  it('takes a date and a note along', () => {
    const { price } = parsePrice({ ...draft, from: '2026-03-01', note: 'As agreed.' });
    expect(price?.body).toMatchObject({ effective_from: '2026-03-01', note: 'As agreed.' });
  });

  it('charges kinds without a price as what they are part of', () => {
    const tokens = {
      input: 2_000_000,
      cacheRead: 1_000_000,
      cacheWrite: 0,
      output: 1_000_000,
      reasoning: 500_000,
    };
    expect(costAt({ input: '1', output: '4' }, tokens)).toBe(6);
    expect(costAt({ input: '1', cache_read: '0.1', output: '4' }, tokens)).toBeCloseTo(5.1, 9);
  });
});
