// SPDX-License-Identifier: Apache-2.0

import { stepFor } from '../model/period';
import type { Period } from '../model/period';
import { beginAtFirst, lateStart } from '../model/sums';
import type { Counts } from '../model/sums';
import { decodeCounts } from './decodeSums';
import { getJson } from './httpClient';

/**
 * Counts over a period, in about so many steps. Where most of it is over before anything is counted, only
 * the rest, in finer steps: a day with some minutes of runs would be one bar at its edge.
 */
export async function readCounts(
  period: Period,
  steps: number,
  addressOf: (period: Period, stepSeconds: number) => string,
  signal: AbortSignal,
): Promise<Counts> {
  const read = (asked: Period): Promise<Counts> =>
    getJson(addressOf(asked, stepFor(asked, steps)), decodeCounts, signal);
  const counts = await read(period);
  const fromMs = lateStart(counts);
  if (fromMs === undefined) return counts;
  const rest = { fromMs, toMs: period.toMs };
  const isFiner = stepFor(rest, steps) * 1000 < counts.stepMs;
  return beginAtFirst(isFiner ? await read(rest) : counts);
}
