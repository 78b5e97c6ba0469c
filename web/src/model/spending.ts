// SPDX-License-Identifier: Apache-2.0
// The rows that a cut makes of the server's sums.

import type { Aggregate, AggregateGroup, AggregatePoint, MeasureValues } from './aggregate';
import { toCost } from './cost';
import type { Cost, CostStatus } from './cost';
import { providerOf } from './costCuts';
import type { Cut } from './costCuts';

/** Ten, as many as the server takes at once. */
export const costMeasures = [
  'cost',
  'calls',
  'count',
  'tokens',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'unpriced_calls',
] as const;

/** Sums of one row or of all of them. */
export interface Spending {
  readonly cost: Cost;
  readonly calls: number;
  /** Steps, of which model calls are some. */
  readonly steps: number;
  readonly tokens: number;
  readonly unpricedCalls: number;
  /** Percent of the input that came from a cache; undefined without input. */
  readonly cacheRate: number | undefined;
}

export interface SpendingRow extends Spending {
  /** Empty for what has no name. */
  readonly name: string;
  /** What the trend shows of it, in dollars, steps or tokens. */
  readonly amount: number;
  /** Percent of the sum of all rows; undefined where that is 0. */
  readonly share: number | undefined;
  readonly points: readonly { readonly timeNs: bigint; readonly amount: number }[];
}

function valueOf(values: MeasureValues, name: string): number {
  return values[name] ?? 0;
}

function worseStatus(left: CostStatus, right: CostStatus): CostStatus {
  if (left === right) return left;
  return left === 'reported' && right === 'priced' ? 'priced' : 'partial';
}

function addValues(left: MeasureValues, right: MeasureValues): MeasureValues {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries(
    [...names].map((name) => [name, valueOf(left, name) + valueOf(right, name)]),
  );
}

function addPoints(groups: readonly AggregateGroup[]): readonly AggregatePoint[] {
  const byTime = new Map<bigint, AggregatePoint>();
  for (const point of groups.flatMap((group) => group.points)) {
    const before = byTime.get(point.timeNs);
    byTime.set(
      point.timeNs,
      before === undefined
        ? point
        : {
            timeNs: point.timeNs,
            values: addValues(before.values, point.values),
            costStatus: worseStatus(before.costStatus, point.costStatus),
          },
    );
  }
  return [...byTime.values()].sort((left, right) => (left.timeNs < right.timeNs ? -1 : 1));
}

/** A group that priced no call and has none without a price says nothing of the sum. */
function statusOfSum(groups: readonly AggregateGroup[]): CostStatus {
  const withCalls = groups.filter(({ values }) => valueOf(values, 'calls') > 0);
  const statuses = (withCalls.length > 0 ? withCalls : groups).map((group) => group.costStatus);
  return statuses.length === 0 ? 'priced' : statuses.reduce(worseStatus);
}

function sumGroups(groups: readonly AggregateGroup[]): AggregateGroup {
  return {
    keys: groups[0]?.keys ?? {},
    values: groups.map((group) => group.values).reduce(addValues, {}),
    costStatus: statusOfSum(groups),
    points: addPoints(groups),
  };
}

export function spendingOf(group: AggregateGroup): Spending {
  const { values } = group;
  const input = valueOf(values, 'input_tokens');
  const calls = valueOf(values, 'calls');
  const usd = values['cost'];
  return {
    // Where no model was called and nothing was paid there is nothing to price.
    cost:
      calls === 0 && valueOf(values, 'unpriced_calls') === 0 && (usd ?? 0) === 0
        ? { kind: 'nothing' }
        : toCost({ usd, status: group.costStatus }),
    calls,
    steps: valueOf(values, 'count'),
    tokens: valueOf(values, 'tokens'),
    unpricedCalls: valueOf(values, 'unpriced_calls'),
    cacheRate: input > 0 ? (100 * valueOf(values, 'cache_read_tokens')) / input : undefined,
  };
}

/** All groups together. */
export function totalSpending(aggregate: Aggregate): Spending {
  return spendingOf(sumGroups(aggregate.groups));
}

const tokenKinds = [
  {
    name: 'Input',
    of: (values: MeasureValues) =>
      valueOf(values, 'input_tokens') -
      valueOf(values, 'cache_read_tokens') -
      valueOf(values, 'cache_write_tokens'),
  },
  {
    name: 'Input from a cache',
    of: (values: MeasureValues) => valueOf(values, 'cache_read_tokens'),
  },
  {
    name: 'Input written to a cache',
    of: (values: MeasureValues) => valueOf(values, 'cache_write_tokens'),
  },
  {
    name: 'Output',
    of: (values: MeasureValues) =>
      valueOf(values, 'output_tokens') - valueOf(values, 'reasoning_tokens'),
  },
  { name: 'Reasoning', of: (values: MeasureValues) => valueOf(values, 'reasoning_tokens') },
] as const;

type RowWithoutShare = Omit<SpendingRow, 'share'>;

function tokenRows(aggregate: Aggregate): readonly RowWithoutShare[] {
  const all = sumGroups(aggregate.groups);
  return tokenKinds.map(({ name, of }) => {
    const tokens = Math.max(0, of(all.values));
    return {
      name,
      cost: { kind: 'nothing' },
      calls: 0,
      steps: 0,
      tokens,
      unpricedCalls: 0,
      cacheRate: undefined,
      amount: tokens,
      points: all.points.map((point) => ({
        timeNs: point.timeNs,
        amount: Math.max(0, of(point.values)),
      })),
    };
  });
}

function namedRows(aggregate: Aggregate, cut: Cut): readonly RowWithoutShare[] {
  const [key = ''] = cut.by;
  const byName = new Map<string, AggregateGroup[]>();
  for (const group of aggregate.groups) {
    const full = group.keys[key] ?? '';
    const name = cut.id === 'provider' ? providerOf(full) : full;
    byName.set(name, [...(byName.get(name) ?? []), group]);
  }
  const measure = cut.shows === 'count' ? 'count' : 'cost';
  return [...byName].flatMap(([name, groups]) => {
    const sum = sumGroups(groups);
    const spending = spendingOf(sum);
    // Steps that neither called a model nor cost anything are no spending.
    if (cut.shows === 'cost' && spending.cost.kind === 'nothing' && spending.tokens === 0)
      return [];
    return [
      {
        ...spending,
        name,
        amount: valueOf(sum.values, measure),
        points: sum.points.map((point) => ({
          timeNs: point.timeNs,
          amount: valueOf(point.values, measure),
        })),
      },
    ];
  });
}

/** The rows of a cut, largest first; shares are of `whole`, the sum of all rows there are. */
export function spendingRows(
  aggregate: Aggregate,
  cut: Cut,
  whole?: number,
): readonly SpendingRow[] {
  const rows = cut.id === 'tokens' ? tokenRows(aggregate) : namedRows(aggregate, cut);
  const sum = whole ?? rows.reduce((total, row) => total + row.amount, 0);
  const withShares = rows.map((row) => ({
    ...row,
    share: sum > 0 ? (100 * row.amount) / sum : undefined,
  }));
  return withShares.sort((left, right) => right.amount - left.amount || right.tokens - left.tokens);
}
