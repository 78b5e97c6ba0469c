// SPDX-License-Identifier: Apache-2.0
// What a list of calls can be narrowed by and sorted by, as it stands in an address and as it is typed.

import { describePart, filterFields, filterParts } from './filterFields';
import type { FilterKey, FilterProblem, RunFilter } from './filterFields';
import { callSorts, readListSort } from './listSort';
import { parsePageAddress } from './pageAddress';
import { parseQuery } from './queryText';
import type { UnknownToken } from './queryText';
import type { SearchTexts } from './searchTexts';
import { spanKinds } from './span';

/** The filters of runs that calls have, too. */
export const callFilterKeys = [
  'status',
  'agent',
  'workflow_id',
  'session_id',
  'user_id',
  'model',
  'service',
  'min_duration',
  'max_duration',
  'min_cost',
  'max_cost',
  'min_tokens',
] as const satisfies readonly FilterKey[];

/** Filters that only calls have. They match whole names. */
export const ownCallFields = [
  { key: 'step_name', label: 'Step' },
  { key: 'error_type', label: 'Error' },
] as const;

/** Steps that go on are not listed. */
export const callStatuses = ['completed', 'failed', 'cancelled', 'abandoned'] as const;

export const usualKind = 'llm';
export const anyKind = 'all';
/** What the server lists; `all` is every kind. */
export const callKinds: readonly string[] = [
  anyKind,
  ...spanKinds.filter((kind) => !['http', 'db', 'other'].includes(kind)),
];

export interface CallFilter {
  /** The filters that runs have, too; of the call, not of its run. */
  readonly filter: RunFilter;
  /** Undefined for calls of all kinds. */
  readonly kind: string | undefined;
  readonly stepName: string | undefined;
  readonly errorType: string | undefined;
  /** One of `callSorts`. */
  readonly sort: string;
}

export interface ParsedCallFilter {
  readonly asked: CallFilter;
  readonly problems: readonly FilterProblem[];
}

/** Reads an address; `ownKeys` are those of the page. */
export function parseCallAddress(
  search: SearchTexts,
  ownKeys: readonly string[] = [],
): ParsedCallFilter {
  const { filter, problems } = parsePageAddress(
    search,
    callFilterKeys,
    [{ key: 'kind', values: callKinds }],
    ['sort', ...ownCallFields.map(({ key }) => key), ...ownKeys],
  );
  const order = readListSort(search, callSorts);
  const isListed = callStatuses.some((status) => status === (filter.status ?? 'completed'));
  const running: readonly FilterProblem[] = isListed
    ? []
    : [
        {
          key: 'status',
          value: filter.status ?? '',
          expected: `one of ${callStatuses.join(', ')}: calls are listed once they have ended`,
          nearest: undefined,
        },
      ];
  const kind = search['kind'] ?? usualKind;
  return {
    asked: {
      filter,
      kind: kind === anyKind ? undefined : kind,
      stepName: search['step_name'],
      errorType: search['error_type'],
      sort: order.sort,
    },
    problems: [...problems, ...order.problems, ...running],
  };
}

/** One part of a filter in words, by its key in the address. */
export interface CallFilterPart {
  readonly key: string;
  readonly text: string;
}

/** The kind is not among them: a list of calls always has one. */
export function callFilterParts(asked: CallFilter): readonly CallFilterPart[] {
  const own = [asked.stepName, asked.errorType];
  return [
    ...filterParts(asked.filter).map((part) => ({ key: part.key, text: describePart(part) })),
    ...ownCallFields.flatMap(({ key, label }, index) => {
      const value = own[index];
      return value === undefined ? [] : [{ key, text: `${label.toLowerCase()} ${value}` }];
    }),
  ];
}

/** The change that takes every filter away. */
export const noCallFilter: SearchTexts = Object.fromEntries(
  [...filterFields, ...ownCallFields].map(({ key }) => [key, undefined]),
);

export interface ParsedCallQuery {
  readonly change: SearchTexts;
  readonly unknown: readonly UnknownToken[];
}

/** Reads what was typed: filters, and else the whole name of a step. */
export function parseCallQuery(typed: string): ParsedCallQuery {
  const { filters, text, unknown } = parseQuery(typed);
  const { has_error: hasError, ...others } = filters;
  const isOfCalls = (key: string): boolean => callFilterKeys.some((known) => known === key);
  const foreign = Object.entries(others).filter(([key]) => !isOfCalls(key));
  return {
    change: {
      ...Object.fromEntries(Object.entries(others).filter(([key]) => isOfCalls(key))),
      ...(hasError === 'true' ? { status: 'failed' } : {}),
      // What was typed before stays, unless a name is typed now.
      ...(text === '' ? {} : { step_name: text }),
    },
    unknown: [
      ...unknown,
      ...foreign.map(([key, value]) => ({
        text: `${key}:${value}`,
        nearest: undefined,
        expected: 'a filter that calls have',
      })),
    ],
  };
}
