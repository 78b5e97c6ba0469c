// SPDX-License-Identifier: Apache-2.0
// Stored calls that are priced again: over which time, and what it came to.

import { nsToDate, parseTimestampNs } from '../base/time';
import type { RunFilter } from './filterFields';
import { readTimeRange } from './timeRange';

export interface ModelRepricing {
  /** With the provider before it. */
  readonly model: string;
  readonly calls: number;
  readonly oldUsd: number;
  readonly newUsd: number;
  readonly unpricedBefore: number;
  readonly unpricedAfter: number;
}

/** Where a job has come to; it works on the server, whoever looks. */
export interface Repricing extends Omit<ModelRepricing, 'model'> {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Nothing is changed by it. */
  readonly isDryRun: boolean;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  readonly createdNs: bigint | undefined;
  readonly runs: number;
  readonly changedRuns: number;
  /** Runs that went on all the time and keep their figures. */
  readonly skippedRuns: number;
  readonly models: readonly ModelRepricing[];
  /** Why it failed. */
  readonly detail: string | undefined;
}

/** As the server takes it. */
export interface RepricingTime {
  readonly start_time: string;
  readonly end_time: string;
}

/** A year, the most that a page of sums looks back. */
const mostMs = 366 * 86_400_000;

function timeMs(text: string | undefined): number | undefined {
  const ns = text === undefined ? undefined : parseTimestampNs(text);
  return ns === undefined ? undefined : nsToDate(ns).getTime();
}

/** The time that a page is about as two fixed moments, so that what is applied is what was shown. */
export function repricingTime(filter: RunFilter, nowMs: number): RepricingTime {
  const seconds = filter.t === undefined ? undefined : readTimeRange(filter.t);
  const startMs =
    seconds === undefined ? (timeMs(filter.from) ?? nowMs - mostMs) : nowMs - seconds * 1000;
  const endMs = timeMs(filter.to) ?? nowMs;
  return {
    start_time: new Date(startMs).toISOString(),
    end_time: new Date(endMs).toISOString(),
  };
}

function isChanged(one: ModelRepricing): boolean {
  return one.oldUsd !== one.newUsd || one.unpricedBefore !== one.unpricedAfter;
}

/** Models whose figures are others than before, those with the largest difference first. */
export function changedModels(models: readonly ModelRepricing[]): readonly ModelRepricing[] {
  const size = ({ oldUsd, newUsd }: ModelRepricing): number => Math.abs(newUsd - oldUsd);
  return models
    .filter(isChanged)
    .sort((left, right) => size(right) - size(left) || left.model.localeCompare(right.model));
}
