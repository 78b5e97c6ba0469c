// SPDX-License-Identifier: Apache-2.0
// The time and the filters of answers that are about a period, which is at most a year long.

import { filterFields } from '../model/filterFields';
import type { RunFilter } from '../model/filterFields';
import { readTimeRange } from '../model/timeRange';

const mostDays = 366;

/** The parameters of a filter; without a start it is about the last year, the most there is. */
export function periodParameters(filter: RunFilter, nowMs: number): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const { key, kind, parameter } of filterFields) {
    const value = filter[key];
    if (value === undefined) continue;
    if (kind !== 'range') {
      parameters.set(parameter, value);
      continue;
    }
    const seconds = readTimeRange(value) ?? 0;
    parameters.set(parameter, new Date(nowMs - seconds * 1000).toISOString());
  }
  if (!parameters.has('start_time')) parameters.set('days', String(mostDays));
  return parameters;
}
