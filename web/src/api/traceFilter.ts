// SPDX-License-Identifier: Apache-2.0

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
  if (filter.status) parameters.set('status', filter.status);
  if (filter.agent) parameters.set('agent', filter.agent);
  if (filter.q) parameters.set('q', filter.q);
  if (filter.has_error === true) parameters.set('has_error', 'true');
  if (filter.session_id) parameters.set('session_id', filter.session_id);
  parameters.set('limit', String(limit));
  if (cursor !== undefined) parameters.set('cursor', cursor);
  return parameters.toString();
}
