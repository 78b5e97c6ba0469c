// SPDX-License-Identifier: Apache-2.0

import { filterFields } from '../model/filterFields';
import type { RunFilter } from '../model/filterFields';
import { usualSort } from '../model/listSort';
import { readTimeRange } from '../model/timeRange';
import type { QueryName } from './wire';

/** The query string of one page, with a stable order of parameters; ranges end at `nowMs`. */
export function traceListQuery(
  filter: RunFilter,
  page: {
    readonly limit: number;
    readonly cursor: string | undefined;
    readonly nowMs: number;
    /** The order; the newest come first without it. */
    readonly sort?: string;
  },
): string {
  const parameters = new URLSearchParams();
  const set = (name: QueryName<'/api/v1/observability/traces'>, value: string): void => {
    parameters.set(name, value);
  };
  for (const { key, kind, parameter } of filterFields) {
    const value = filter[key];
    if (value === undefined) continue;
    if (kind !== 'range') {
      set(parameter, value);
      continue;
    }
    const seconds = readTimeRange(value) ?? 0;
    set(parameter, new Date(page.nowMs - seconds * 1000).toISOString());
  }
  set('limit', String(page.limit));
  if (page.sort !== undefined && page.sort !== usualSort) set('sort', page.sort);
  if (page.cursor !== undefined) set('cursor', page.cursor);
  return parameters.toString();
}
