// SPDX-License-Identifier: Apache-2.0
// The view state that lives in the address. What is not understood stays in it, and is said.

import { callGroups } from '../../model/calls';
import type { CallGroup } from '../../model/calls';
import { scopeKeys } from '../../model/scope';
import type { SearchTexts } from '../../model/searchTexts';
import { parseWindow } from '../../model/timeWindow';
import type { TimeWindow } from '../../model/timeWindow';

export const runViews = ['transcript', 'tree', 'time', 'calls', 'logs'] as const;
export type RunView = (typeof runViews)[number];

/** What the calls of a run can be sorted by. */
export const callSorts = [
  'start',
  'status',
  'name',
  'model',
  'duration',
  'in',
  'out',
  'tokens',
  'cost',
] as const;

export interface CallSort {
  readonly columnId: (typeof callSorts)[number];
  readonly isDescending: boolean;
}

export interface RunSearch {
  /** Undefined: whichever suits the run. */
  readonly view: RunView | undefined;
  /** The selected span. */
  readonly span: string | undefined;
  readonly find: string;
  /** What is looked at; undefined for the whole run. */
  readonly range: TimeWindow | undefined;
  readonly calls: CallGroup;
  readonly sort: CallSort | undefined;
}

const freeKeys: readonly string[] = ['span', 'find', ...scopeKeys];

/** "cost" or, the greatest first, "-cost". */
function parseSort(text: string | undefined): CallSort | undefined {
  const isDescending = text?.startsWith('-') === true;
  const wanted = isDescending ? text.slice(1) : text;
  const columnId = callSorts.find((name) => name === wanted);
  return columnId === undefined ? undefined : { columnId, isDescending };
}

export function parseRunSearch(search: SearchTexts): RunSearch {
  return {
    view: runViews.find((view) => view === search['view']),
    span: search['span'],
    find: search['find'] ?? '',
    range: parseWindow(search['range']),
    calls: callGroups.find((group) => group === search['calls']) ?? 'all',
    sort: parseSort(search['sort']),
  };
}

/** What an address asks of the page of a run and the page does not know, such as `view=costs`. */
export function unknownOfRun(search: SearchTexts): readonly string[] {
  return Object.entries(search)
    .filter(([key, value]) => value !== undefined && !isKnown(key, value))
    .map(([key, value]) => `${key}=${value ?? ''}`);
}

function isKnown(key: string, value: string): boolean {
  switch (key) {
    case 'view':
      return runViews.some((view) => view === value);
    case 'range':
      return parseWindow(value) !== undefined;
    case 'calls':
      return callGroups.some((group) => group === value);
    case 'sort':
      return parseSort(value) !== undefined;
    default:
      return freeKeys.includes(key);
  }
}
