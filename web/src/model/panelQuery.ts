// SPDX-License-Identifier: Apache-2.0
// The question of a panel: lists of names in one text, what each kind of panel needs, and which runs or
// calls stand behind one of its figures.

import { anyKind, callKinds, callStatuses } from './callFilter';
import type { Panel, PanelKind, PanelQuery } from './dashboard';
import type { SearchTexts } from './searchTexts';

/** What can be summed up, as the server lists it. */
export interface Measure {
  readonly name: string;
  readonly description: string;
}

/** What sums can be split and filtered by. */
export interface MeasureKey {
  readonly name: string;
  readonly isOfRuns: boolean;
  readonly isOfSteps: boolean;
}

export const mostMeasures = 10;
export const mostKeys = 3;
export const mostGroups = 100;

export const emptyQuery: PanelQuery = {
  source: 'runs',
  measure: 'count',
  by: '',
  filters: {},
  sort: '',
  bucket: undefined,
  limit: undefined,
};

function split(names: string): readonly string[] {
  return names.split(',').filter((name) => name !== '');
}

export function measuresOf(query: PanelQuery): readonly string[] {
  return split(query.measure);
}

export function keysOf(query: PanelQuery): readonly string[] {
  return split(query.by);
}

export function firstMeasure(query: PanelQuery): string {
  return measuresOf(query)[0] ?? 'count';
}

export function hasKey(key: MeasureKey, source: PanelQuery['source']): boolean {
  return source === 'runs' ? key.isOfRuns : key.isOfSteps;
}

/** True where a panel shows steps of time: a heat map of one key has them for columns. */
export function isOverTime(kind: PanelKind, query: PanelQuery): boolean {
  if (kind === 'trend') return true;
  if (kind === 'heatmap') return keysOf(query).length === 1;
  return kind === 'bars' && query.bucket !== undefined;
}

/** What the server would refuse, in words; undefined for a panel that it takes. */
export function problemOf(panel: Panel): string | undefined {
  const { kind, query } = panel;
  if (kind === 'text') return undefined;
  if (query === undefined || measuresOf(query).length === 0) return 'Choose a measure';
  const keys = keysOf(query).length;
  if (kind === 'figure' && keys > 0) return 'A figure is one number: take the keys away';
  if ((kind === 'top' || kind === 'heatmap') && keys === 0) return 'Choose a key to split by';
  if (kind === 'bars' && keys === 0 && query.bucket === undefined)
    return 'Choose a key to split by, or a step of time';
  return undefined;
}

/** The question after the panel has become of another kind, with as much of it as that kind takes. */
export function queryFor(kind: PanelKind, query: PanelQuery): PanelQuery {
  const isTimed = kind === 'trend' || kind === 'bars' || kind === 'heatmap';
  return {
    ...query,
    by: kind === 'figure' ? '' : query.by,
    bucket: isTimed ? query.bucket : undefined,
  };
}

/** The question about the other source, without keys and filters that it does not have. */
export function querySource(
  query: PanelQuery,
  source: PanelQuery['source'],
  keys: readonly MeasureKey[],
): PanelQuery {
  const isKnown = (name: string): boolean =>
    keys.some((key) => key.name === name && hasKey(key, source));
  return {
    ...query,
    source,
    by: keysOf(query).filter(isKnown).join(','),
    filters: Object.fromEntries(Object.entries(query.filters).filter(([name]) => isKnown(name))),
  };
}

/** A list in the address of which page. */
export interface Behind {
  readonly page: 'runs' | 'calls';
  readonly search: SearchTexts;
}

const keysOfRuns = ['workflow_id', 'agent', 'service', 'session_id', 'user_id', 'status'];
const keysOfCalls = [...keysOfRuns, 'model', 'step_name', 'error_type'];

function largestFirst(measure: string): SearchTexts {
  for (const order of ['cost', 'duration', 'tokens'])
    if (measure.endsWith(order)) return { sort: `-${order}` };
  return {};
}

/** The status that the figure counts; undefined where none of it can be listed. */
function statusBehind(
  asked: Readonly<Record<string, string>>,
  measure: string,
): SearchTexts | undefined {
  const { status } = asked;
  if (measure !== 'failed') return status === undefined ? {} : { status };
  return status === undefined || status === 'failed' ? { status: 'failed' } : undefined;
}

/**
 * What a figure was made of, as a list in the time of the page; undefined where no list shows just that.
 * `filters` have the values of variables in them, `keys` are those of the figure's group.
 */
export function behindFigure(
  source: PanelQuery['source'],
  filters: Readonly<Record<string, string>>,
  keys: Readonly<Record<string, string>>,
  measure: string,
): Behind | undefined {
  if (Object.values(keys).includes('')) return undefined;
  const { kind, ...asked } = { ...filters, ...keys };
  const known = source === 'runs' ? keysOfRuns : keysOfCalls;
  const status = statusBehind(asked, measure);
  if (status === undefined || Object.keys(asked).some((key) => !known.includes(key)))
    return undefined;
  const search = { ...asked, ...status, ...largestFirst(measure) };
  if (source === 'runs') return kind === undefined ? { page: 'runs', search } : undefined;
  const isListed = callStatuses.some((one) => one === (status['status'] ?? 'completed'));
  if (!isListed || (kind !== undefined && !callKinds.includes(kind))) return undefined;
  return { page: 'calls', search: { ...search, kind: kind ?? anyKind } };
}
