// SPDX-License-Identifier: Apache-2.0
// What is said of several at once: one sentence with those that it is about, in place of one for each.

import type { Anomaly } from './anomaly';
import type { Run } from './run';

export interface Group<Item> {
  readonly key: string;
  /** At least one, in their order. */
  readonly items: readonly [Item, ...Item[]];
}

/** Items with the same key together, where the first of them stands. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Group<Item>[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].map(([key, members]) => ({ key, items: members }));
}

/** Runs in the same trouble, by the kind of their newest sign. */
export function groupSigns(runs: readonly Run[]): readonly Group<Run>[] {
  return groupBy(runs, ({ signs }) => signs.at(-1)?.kind ?? '');
}

/** Subjects that were unlike before in the same way in the same hour. */
export function groupAnomalies(anomalies: readonly Anomaly[]): readonly Group<Anomaly>[] {
  return groupBy(anomalies, ({ measure, kind, startMs }) => `${measure} ${kind} ${startMs}`);
}
