// SPDX-License-Identifier: Apache-2.0
// Sums over runs or steps, as the server answers them.

import type { CostStatus } from './cost';

/** By the name of the measure; undefined is unknown. */
export type MeasureValues = Readonly<Record<string, number | undefined>>;

export interface AggregatePoint {
  readonly timeNs: bigint;
  readonly values: MeasureValues;
  readonly costStatus: CostStatus;
}

export interface AggregateGroup {
  /** By the name of the key; empty where there is none. */
  readonly keys: Readonly<Record<string, string>>;
  readonly values: MeasureValues;
  readonly costStatus: CostStatus;
  /** Those with something in them, in order of time. */
  readonly points: readonly AggregatePoint[];
}

/** What an answer is about: from its start to before its end. */
export interface Period {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

export interface Aggregate {
  readonly groups: readonly AggregateGroup[];
  /** Groups there are, Infinity if uncounted; the answer may hold fewer. */
  readonly totalGroups: number;
  readonly bucketSeconds: number | undefined;
  readonly period: Period;
}

/** Steps of time that read well, in seconds: from a minute to thirty days. */
const niceBuckets = [
  60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000,
] as const;
const wantedSteps = 60;

/** The step of time for a stretch of so many seconds: about sixty of them at most. */
export function niceBucket(seconds: number): number {
  return niceBuckets.find((bucket) => seconds / bucket <= wantedSteps) ?? 2_592_000;
}

/** When each step of time begins, those without anything in them, too. */
export function bucketTimes(
  period: Period,
  bucketSeconds: number,
  offsetSeconds = 0,
): readonly bigint[] {
  const step = BigInt(bucketSeconds) * 1_000_000_000n;
  const offset = BigInt(offsetSeconds) * 1_000_000_000n;
  const first = ((period.startNs + offset) / step) * step - offset;
  const times: bigint[] = [];
  for (let time = first; time < period.endNs; time += step) times.push(time);
  return times;
}
