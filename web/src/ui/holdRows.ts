// SPDX-License-Identifier: Apache-2.0

export interface HeldRows<Row> {
  readonly rows: readonly Row[];
  /** Rows that have come and are not shown. */
  readonly fresh: number;
}

/**
 * The rows that were shown when a reader began to read, each as it is now and in its place; rows that
 * come after the last of them are added, those that would push others down are only counted.
 */
export function holdRows<Row>(
  shown: readonly Row[],
  latest: readonly Row[],
  idOf: (row: Row) => string,
): HeldRows<Row> {
  const now = new Map(latest.map((row) => [idOf(row), row]));
  const known = new Set(shown.map(idOf));
  const lastKnown = latest.findLastIndex((row) => known.has(idOf(row)));
  const isNew = (row: Row): boolean => !known.has(idOf(row));
  const kept = shown.map((row) => now.get(idOf(row)) ?? row);
  return {
    rows: [...kept, ...latest.slice(lastKnown + 1).filter(isNew)],
    fresh: latest.slice(0, lastKnown + 1).filter(isNew).length,
  };
}
