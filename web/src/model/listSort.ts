// SPDX-License-Identifier: Apache-2.0
// The order of a list that the server sorts, as it stands in an address: `cost`, or `-cost` for the largest
// first. Without one the newest come first.

import type { FilterProblem } from './filterFields';
import type { SearchTexts } from './searchTexts';

export const usualSort = '-start';

const callOrders = ['start', 'duration', 'cost', 'tokens'] as const;
const runOrders = [...callOrders, 'errors'] as const;

function sortsBy(orders: readonly string[]): readonly string[] {
  return orders.flatMap((order) => [`-${order}`, order]);
}

export const callSorts = sortsBy(callOrders);
export const runSorts = sortsBy(runOrders);

const names: Readonly<Record<string, string>> = {
  '-start': 'newest first',
  start: 'oldest first',
  '-duration': 'longest first',
  duration: 'shortest first',
  '-cost': 'most expensive first',
  cost: 'cheapest first',
  '-tokens': 'most tokens first',
  tokens: 'fewest tokens first',
  '-errors': 'most errors first',
  errors: 'fewest errors first',
};

export function sortName(sort: string): string {
  return names[sort] ?? sort;
}

/** The order that an address asks for; a problem where the list has none of that name. */
export function readListSort(
  search: SearchTexts,
  sorts: readonly string[],
): { readonly sort: string; readonly problems: readonly FilterProblem[] } {
  const asked = search['sort'];
  if (asked === undefined || sorts.includes(asked))
    return { sort: asked ?? usualSort, problems: [] };
  const expected = `one of ${sorts.join(', ')}`;
  return {
    sort: usualSort,
    problems: [{ key: 'sort', value: asked, expected, nearest: undefined }],
  };
}

/** The change of an address that sorts; the usual order needs no word. */
export function sortChange(sort: string): SearchTexts {
  return { sort: sort === usualSort ? undefined : sort };
}
