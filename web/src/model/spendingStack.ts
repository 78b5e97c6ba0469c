// SPDX-License-Identifier: Apache-2.0

import type { SpendingRow } from './spending';

export interface StackSeries {
  readonly name: string;
  /** One for each of the times. */
  readonly values: readonly number[];
}

/**
 * The largest rows over time, and as one more series what all others add up to: `whole` is the sum of all
 * rows at each time.
 */
export function stackOf(
  rows: readonly SpendingRow[],
  whole: ReadonlyMap<bigint, number>,
  times: readonly bigint[],
  most: number,
): { readonly named: readonly StackSeries[]; readonly others: readonly number[] | undefined } {
  const largest = rows.filter((row) => row.amount > 0).slice(0, most);
  const named = largest.map((row) => {
    const byTime = new Map(row.points.map((point) => [point.timeNs, point.amount]));
    return { name: row.name, values: times.map((time) => byTime.get(time) ?? 0) };
  });
  const others = times.map((time, index) => {
    const known = named.reduce((sum, one) => sum + (one.values[index] ?? 0), 0);
    return Math.max(0, (whole.get(time) ?? 0) - known);
  });
  // What is left by adding fractions is nothing.
  const isLeft = others.some((left, index) => left > 1e-9 * (whole.get(times[index] ?? 0n) ?? 0));
  return { named, others: isLeft ? others : undefined };
}
