// SPDX-License-Identifier: Apache-2.0

import type { QueryName } from './wire';

/** What the list of runs is narrowed to; absent means everything. */
export interface TraceFilter {
  readonly status?: string | undefined;
  readonly agent?: string | undefined;
  readonly q?: string | undefined;
  readonly has_error?: boolean | undefined;
  readonly session_id?: string | undefined;
}

export function isFiltered(filter: TraceFilter): boolean {
  return Object.values(filter).some(
    (value) => value !== undefined && value !== '' && value !== false,
  );
}

/** The query string of one page, with a stable order of parameters. */
export function traceListQuery(
  filter: TraceFilter,
  limit: number,
  cursor: string | undefined,
): string {
  const parameters = new URLSearchParams();
  const set = (name: QueryName<'/api/v1/observability/traces'>, value: string): void => {
    parameters.set(name, value);
  };
  if (filter.status) set('status', filter.status);
  if (filter.agent) set('agent', filter.agent);
  if (filter.q) set('q', filter.q);
  if (filter.has_error === true) set('has_error', 'true');
  if (filter.session_id) set('session_id', filter.session_id);
  set('limit', String(limit));
  if (cursor !== undefined) set('cursor', cursor);
  return parameters.toString();
}
