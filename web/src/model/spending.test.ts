// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Aggregate, AggregateGroup } from './aggregate';
import { cutOf, modelNameOf } from './costCuts';
import { spendingRows, totalSpending } from './spending';
import { stackOf } from './spendingStack';

const period = { startNs: 0n, endNs: 100n };

function group(
  keys: Record<string, string>,
  values: Record<string, number>,
  costStatus: AggregateGroup['costStatus'] = 'priced',
): AggregateGroup {
  return { keys, values, costStatus, points: [{ timeNs: 10n, values, costStatus }] };
}

function aggregateOf(groups: readonly AggregateGroup[]): Aggregate {
  return { groups, totalGroups: groups.length, bucketSeconds: 60, period };
}

const models = aggregateOf([
  group({ model: 'openai/small' }, { cost: 1, calls: 2, tokens: 20, input_tokens: 10 }),
  group(
    { model: 'openai/large' },
    { cost: 2, calls: 1, tokens: 50, input_tokens: 40, cache_read_tokens: 10 },
  ),
  group({ model: 'acme/house' }, { cost: 0, calls: 3, tokens: 5, unpriced_calls: 3 }, 'unpriced'),
  group({ model: '' }, { cost: 0, calls: 0, tokens: 0, count: 7 }),
]);

describe('the cuts of spending', () => {
  it('lists the dearest first, with shares, and leaves out what is no spending', () => {
    const rows = spendingRows(models, cutOf('model'));
    expect(rows.map((row) => [row.name, row.share?.toFixed(1)])).toEqual([
      ['openai/large', '66.7'],
      ['openai/small', '33.3'],
      ['acme/house', '0.0'],
    ]);
    expect(rows[2]?.cost).toEqual({ kind: 'unpriced' });
    expect(rows[0]?.cacheRate).toBe(25);
  });

  it('adds up the models of a provider, by time too', () => {
    const [openai] = spendingRows(models, cutOf('provider'));
    expect(openai).toMatchObject({ name: 'openai', amount: 3, calls: 3, tokens: 70 });
    expect(openai?.points).toEqual([{ timeNs: 10n, amount: 3 }]);
  });

  it('says that a sum lacks what has no price', () => {
    expect(totalSpending(models).cost).toEqual({ kind: 'partial', usd: 3 });
    expect(totalSpending(aggregateOf([])).cost).toEqual({ kind: 'nothing' });
  });

  it('counts each token once', () => {
    const all = aggregateOf([
      group(
        {},
        {
          tokens: 150,
          input_tokens: 100,
          cache_read_tokens: 60,
          cache_write_tokens: 10,
          output_tokens: 50,
          reasoning_tokens: 20,
        },
      ),
    ]);
    const rows = spendingRows(all, cutOf('tokens'));
    expect(Object.fromEntries(rows.map((row) => [row.name, row.tokens]))).toEqual({
      Input: 30,
      'Input from a cache': 60,
      'Input written to a cache': 10,
      Output: 30,
      Reasoning: 20,
    });
  });

  it('stacks the largest, and the rest as one', () => {
    const rows = spendingRows(models, cutOf('model'));
    const whole = new Map([[10n, 3]]);
    const { named, others } = stackOf(rows, whole, [0n, 10n], 1);
    expect(named).toEqual([{ name: 'openai/large', values: [0, 2] }]);
    expect(others).toEqual([0, 1]);
    expect(stackOf(rows, whole, [0n, 10n], 5).others).toBeUndefined();
  });

  it('knows a model by its name without the provider', () => {
    expect(modelNameOf('openrouter/meta/llama-3')).toBe('meta/llama-3');
    expect(modelNameOf('house')).toBe('house');
  });
});
