// SPDX-License-Identifier: Apache-2.0
// Sums over runs or steps, by keys and by time.

import { toCost } from './cost';
import type { Cost } from './cost';
import type { Period } from './period';

/** Of a period; with more in front of the first count, the rest is too narrow to read. */
const mostEmpty = 0.7;

/** Figures by the name of their measure; an unknown one is absent. */
export type Measured = Readonly<Record<string, number | undefined>>;

export interface SumPoint {
  readonly timeMs: number;
  readonly values: Measured;
}

export interface SumGroup {
  readonly keys: Readonly<Record<string, string>>;
  readonly values: Measured;
  readonly cost: Cost;
  /** Steps of time with something in them. */
  readonly points: readonly SumPoint[];
}

export interface Sums {
  readonly stepMs: number | undefined;
  readonly totalGroups: number;
  readonly groups: readonly SumGroup[];
  readonly period: Period;
}

/** Counts of runs or steps in every step of a period. */
export interface Counts {
  readonly stepMs: number;
  readonly period: Period;
  readonly buckets: readonly CountBucket[];
  /** Whether the period was longer, with nothing in it before these. */
  readonly isLate?: boolean;
}

export interface CountBucket {
  readonly timeMs: number;
  readonly total: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Of a period that is mostly over before anything is counted, when that is. */
export function lateStart({ period, buckets }: Counts): number | undefined {
  const first = buckets.find(({ total }) => total > 0)?.timeMs;
  if (first === undefined) return undefined;
  const isLate = first - period.fromMs > (period.toMs - period.fromMs) * mostEmpty;
  return isLate ? first : undefined;
}

/** Without the steps before the first with anything in it. */
export function beginAtFirst(counts: Counts): Counts {
  const { buckets, period } = counts;
  const first = buckets.findIndex(({ total }) => total > 0);
  const fromMs = buckets[first]?.timeMs;
  if (fromMs === undefined) return counts;
  return { ...counts, buckets: buckets.slice(first), period: { ...period, fromMs }, isLate: true };
}

/** Measures that are 0 and not unknown in a step of time without anything in it. */
const countable = new Set([
  'count',
  'failed',
  'calls',
  'tokens',
  'cost',
  'input_tokens',
  'output_tokens',
]);

/** Where the steps of a period begin: those of the points, and the same distance on. */
export function stepTimes(sums: Sums): readonly number[] {
  const { stepMs, period } = sums;
  if (stepMs === undefined) return [];
  const known = sums.groups.flatMap(({ points }) => points.map(({ timeMs }) => timeMs));
  const anchor =
    known.length === 0 ? Math.floor(period.fromMs / stepMs) * stepMs : Math.min(...known);
  const before = Math.max(0, Math.ceil((anchor - period.fromMs) / stepMs));
  const first = anchor - before * stepMs;
  const count = Math.min(2000, Math.max(1, Math.ceil((period.toMs - first) / stepMs)));
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}

/** A measure at each time; where nothing was, 0 if it counts, else unknown. */
export function valuesOver(
  group: SumGroup | undefined,
  measure: string,
  times: readonly number[],
): readonly (number | undefined)[] {
  const points = new Map((group?.points ?? []).map((point) => [point.timeMs, point.values]));
  const nothing = countable.has(measure) ? 0 : undefined;
  return times.map((time) => {
    const values = points.get(time);
    return values === undefined ? nothing : values[measure];
  });
}

/** `provider/model` as lists of runs know it: they match the model alone. */
export function modelName(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key : key.slice(slash + 1);
}

/** How many percent more than before; undefined where that cannot be said. */
export function changePercent(
  now: number | undefined,
  before: number | undefined,
): number | undefined {
  if (now === undefined || before === undefined || before === 0) return undefined;
  return (100 * (now - before)) / before;
}

export function costOf(usd: number | undefined, status: string | undefined): Cost {
  return toCost({ usd, status });
}
