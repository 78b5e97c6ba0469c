// SPDX-License-Identifier: Apache-2.0
// Everything a list of runs can be narrowed by, each field declared once: the address, the request, the
// chips and the error for a key that nobody knows are made from this table.

import { nearestWord } from '../base/nearestWord';
import type { JsonObject } from '../base/json';
import { readTimeRange } from './timeRange';
import { statuses } from './status';

/**
 * `search`: any text. `name`: matches whole names only. `choice`: one of `values`. `flag`: true or false.
 * `seconds`, `dollars`: a number of them. `count`: a whole number. `time`: RFC 3339. `range`: how far back
 * from now, such as `24h`.
 */
export type FilterKind =
  'search' | 'name' | 'choice' | 'flag' | 'seconds' | 'dollars' | 'count' | 'time' | 'range';

export interface FilterField {
  /** The name in the address. */
  readonly key: string;
  /** The query parameter of the server. */
  readonly parameter: string;
  readonly kind: FilterKind;
  readonly label: string;
  readonly values?: readonly string[];
}

export const filterFields = [
  { key: 'q', parameter: 'q', kind: 'search', label: 'Text' },
  { key: 'status', parameter: 'status', kind: 'choice', label: 'Status', values: statuses },
  { key: 'has_error', parameter: 'has_error', kind: 'flag', label: 'Has errors' },
  { key: 'agent', parameter: 'agent', kind: 'name', label: 'Agent' },
  { key: 'workflow_id', parameter: 'workflow_id', kind: 'name', label: 'Workflow' },
  { key: 'session_id', parameter: 'session_id', kind: 'name', label: 'Session' },
  { key: 'user_id', parameter: 'user_id', kind: 'name', label: 'User' },
  { key: 'model', parameter: 'model', kind: 'name', label: 'Model' },
  { key: 'service', parameter: 'service', kind: 'name', label: 'Service' },
  { key: 'execution_id', parameter: 'execution_id', kind: 'name', label: 'Run id' },
  { key: 'min_duration', parameter: 'min_duration', kind: 'seconds', label: 'At least (s)' },
  { key: 'max_duration', parameter: 'max_duration', kind: 'seconds', label: 'At most (s)' },
  { key: 'min_cost', parameter: 'min_cost', kind: 'dollars', label: 'Cost at least' },
  { key: 'max_cost', parameter: 'max_cost', kind: 'dollars', label: 'Cost at most' },
  { key: 'min_tokens', parameter: 'min_tokens', kind: 'count', label: 'Tokens at least' },
  { key: 't', parameter: 'start_time', kind: 'range', label: 'Started in the last' },
  { key: 'from', parameter: 'start_time', kind: 'time', label: 'From' },
  { key: 'to', parameter: 'end_time', kind: 'time', label: 'Before' },
] as const satisfies readonly FilterField[];

export type FilterKey = (typeof filterFields)[number]['key'];

/** Checked values, as they stand in the address. Absent means everything. */
export type RunFilter = { readonly [Key in FilterKey]?: string | undefined };

/** A part of an address that narrows nothing, because nobody knows what it means. */
export interface FilterProblem {
  readonly key: string;
  readonly value: string;
  /** What would have been understood. */
  readonly expected: string;
  /** The known key that is spelled most like it. */
  readonly nearest: FilterKey | undefined;
}

/** What an address asks for. With problems, its filter is wider than what was meant. */
export interface ParsedFilter {
  readonly filter: RunFilter;
  readonly problems: readonly FilterProblem[];
}

const fieldsByKey: ReadonlyMap<string, FilterField> = new Map(
  filterFields.map((field) => [field.key, field]),
);
const keys: readonly FilterKey[] = filterFields.map((field) => field.key);
const mostSeconds = 1e9;
const mostDollars = 1e6;
const mostCount = 1e12;
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/;

function isUpTo(value: string, most: number): boolean {
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 && number <= most;
}

/** What a field takes, in words; undefined for a value that it takes. */
function objection(field: FilterField, value: string): string | undefined {
  switch (field.kind) {
    case 'search':
    case 'name':
      return undefined;
    case 'choice':
      return field.values?.includes(value) === true
        ? undefined
        : `one of ${(field.values ?? []).join(', ')}`;
    case 'flag':
      return value === 'true' || value === 'false' ? undefined : 'true or false';
    case 'seconds':
      return isUpTo(value, mostSeconds) ? undefined : 'a number of seconds';
    case 'dollars':
      return isUpTo(value, mostDollars) ? undefined : 'a number of dollars, such as 0.05';
    case 'count':
      return isUpTo(value, mostCount) && /^\d+$/.test(value) ? undefined : 'a whole number';
    case 'time':
      return rfc3339.test(value) && !Number.isNaN(Date.parse(value))
        ? undefined
        : 'a time such as 2026-03-01T12:00:00Z';
    case 'range':
      return readTimeRange(value) === undefined ? 'a time such as 30m, 24h or 7d' : undefined;
  }
}

/** The same for a field by its name in the address. */
export function refusal(key: FilterKey, value: string): string | undefined {
  const field = fieldsByKey.get(key);
  return field === undefined ? 'the name of a filter' : objection(field, value);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : undefined;
}

/** Reads an address. Nothing in it is passed over: what is no filter is a problem. */
export function parseFilter(search: JsonObject, otherKeys: readonly string[] = []): ParsedFilter {
  const filter: Record<string, string> = {};
  const problems: FilterProblem[] = [];
  for (const [key, raw] of Object.entries(search)) {
    const value = textOf(raw);
    if (value === undefined || otherKeys.includes(key)) continue;
    if (key === 'hold' && value === '1') continue;
    const field = fieldsByKey.get(key);
    if (field === undefined) {
      const nearest = nearestWord(key, keys);
      problems.push({ key, value, expected: 'the name of a filter', nearest });
      continue;
    }
    const expected = objection(field, value);
    if (expected === undefined) filter[key] = value;
    else problems.push({ key, value, expected, nearest: undefined });
  }
  if (filter['t'] !== undefined && filter['from'] !== undefined) {
    problems.push({
      key: 't',
      value: filter['t'],
      expected: 't or from, not both',
      nearest: undefined,
    });
    delete filter['t'];
  }
  return { filter, problems };
}

/** One part of a filter, in words. */
export interface FilterPart {
  readonly key: FilterKey;
  readonly label: string;
  readonly value: string;
}

export function filterParts(filter: RunFilter): readonly FilterPart[] {
  return filterFields.flatMap(({ key, label }) => {
    const value = filter[key];
    return value === undefined ? [] : [{ key, label, value }];
  });
}

export function isFiltered(filter: RunFilter): boolean {
  return filterFields.some(({ key }) => filter[key] !== undefined);
}

/** The name of a part and its value as a person says it. */
export function describePart(part: FilterPart): string {
  if (part.key === 'has_error') return part.value === 'true' ? 'has errors' : 'has no errors';
  if (part.key === 'q') return `“${part.value}”`;
  const unit = part.key === 'min_cost' || part.key === 'max_cost' ? '$' : '';
  return `${part.label.toLowerCase()} ${unit}${part.value}`;
}
