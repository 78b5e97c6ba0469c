// SPDX-License-Identifier: Apache-2.0
// What values the runs of a list have, with counts, and which filters these counts follow.

import { filterFields, filterParts } from './filterFields';
import type { FilterKey, FilterPart, RunFilter } from './filterFields';
import { modelName } from './sums';

export interface FacetValue {
  /** As the filter takes it; empty for runs that have none. */
  readonly value: string;
  readonly count: number;
  readonly failed: number;
}

export interface Facet {
  readonly key: FacetKey;
  readonly values: readonly FacetValue[];
  /** How many different values there are, Infinity if uncounted; the list may have the commonest only. */
  readonly totalValues: number;
}

interface FacetField {
  readonly key: FilterKey;
  readonly label: string;
  /** What its numbers count. */
  readonly of: 'runs' | 'steps';
  /** Where a number is of something else than the runs that the filter would list. */
  readonly note?: string;
}

/** In the order of the page. */
export const facetFields = [
  { key: 'status', label: 'Status', of: 'runs' },
  { key: 'workflow_id', label: 'Workflow', of: 'runs' },
  {
    key: 'agent',
    label: 'Agent',
    of: 'runs',
    note: 'Counted by the first agent of a run; the list has all runs in which it took part.',
  },
  { key: 'model', label: 'Model', of: 'steps', note: 'Counted in steps, of whatever status.' },
  { key: 'service', label: 'Service', of: 'runs' },
  { key: 'user_id', label: 'User', of: 'runs' },
  { key: 'session_id', label: 'Session', of: 'runs' },
] as const satisfies readonly FacetField[];

export type FacetKey = (typeof facetFields)[number]['key'];

const timeKeys: readonly FilterKey[] = ['t', 'from', 'to'];
/** What the server can count runs by. */
const runKeys: readonly FilterKey[] = [
  ...timeKeys,
  'status',
  'workflow_id',
  'agent',
  'service',
  'user_id',
  'session_id',
];
/** Of a step these mean the same as of its run. */
const stepKeys: readonly FilterKey[] = [...timeKeys, 'workflow_id', 'user_id', 'session_id'];

/** The part of a filter that counts of runs or steps can follow; the rest would be refused or mean another thing. */
export function countedFilter(filter: RunFilter, of: 'runs' | 'steps'): RunFilter {
  const keys = of === 'runs' ? runKeys : stepKeys;
  return Object.fromEntries(
    filterFields.flatMap(({ key }) =>
      keys.includes(key) && filter[key] !== undefined ? [[key, filter[key]]] : [],
    ),
  );
}

/** The parts of a filter that counts of runs do not follow: they count more than the list has. */
export function notCounted(filter: RunFilter): readonly FilterPart[] {
  return filterParts(filter).filter(({ key }) => !runKeys.includes(key));
}

/** The filter without one of its fields, so that its other values can be chosen instead. */
export function without(filter: RunFilter, key: FilterKey): RunFilter {
  return { ...filter, [key]: undefined };
}

/** Models as lists of runs know them: without their provider, each once. */
export function joinModels(values: readonly FacetValue[]): readonly FacetValue[] {
  const byName = new Map<string, FacetValue>();
  for (const { value, count, failed } of values) {
    const name = modelName(value);
    const known = byName.get(name);
    byName.set(name, {
      value: name,
      count: count + (known?.count ?? 0),
      failed: failed + (known?.failed ?? 0),
    });
  }
  return [...byName.values()]
    .filter(({ value }) => value !== '')
    .sort((left, right) => right.count - left.count);
}

/**
 * The values in the order in which they stand on the screen: those that are there keep their place with
 * their latest count, which is 0 for those that are gone; new ones come last.
 */
export function keepOrder(
  shown: readonly FacetValue[] | undefined,
  latest: readonly FacetValue[],
): readonly FacetValue[] {
  if (shown === undefined) return latest;
  const now = new Map(latest.map((one) => [one.value, one]));
  const known = new Set(shown.map(({ value }) => value));
  return [
    ...shown.map(({ value }) => now.get(value) ?? { value, count: 0, failed: 0 }),
    ...latest.filter(({ value }) => !known.has(value)),
  ];
}

/** The values with the one that the filter asks for among them, also where none of them has come. */
export function withChosen(
  values: readonly FacetValue[],
  chosen: string | undefined,
): readonly FacetValue[] {
  if (chosen === undefined || values.some(({ value }) => value === chosen)) return values;
  return [...values, { value: chosen, count: 0, failed: 0 }];
}
