// SPDX-License-Identifier: Apache-2.0
// The address of a page that takes some of the filters: what it does not take is a problem, so that no
// figure is of more than was asked for.

import type { JsonObject } from '../base/json';
import { parseFilter } from './filterFields';
import type { FilterKey, FilterProblem, ParsedFilter, RunFilter } from './filterFields';
import type { SearchTexts } from './searchTexts';

/** A key of a page's own that takes one of some words. */
export interface ChoiceKey {
  readonly key: string;
  readonly values: readonly string[];
}

const timeKeys: readonly FilterKey[] = ['t', 'from', 'to'];

/**
 * Reads an address whose filters are the time and `filterKeys`; `choices` and `texts` are keys of the page's
 * own, of which the latter take any text.
 */
export function parsePageAddress(
  search: JsonObject,
  filterKeys: readonly FilterKey[],
  choices: readonly ChoiceKey[] = [],
  texts: readonly string[] = [],
): ParsedFilter {
  const ownKeys = [...choices.map(({ key }) => key), ...texts];
  const { filter, problems } = parseFilter(search, ownKeys);
  const wrongChoices = choices.flatMap(({ key, values }): FilterProblem[] => {
    const value = search[key];
    if (typeof value !== 'string' || values.includes(value)) return [];
    return [{ key, value, expected: `one of ${values.join(', ')}`, nearest: undefined }];
  });
  const kept: Record<string, string> = {};
  const others: FilterProblem[] = [];
  for (const [key, value] of Object.entries(filter)) {
    if (typeof value !== 'string') continue;
    if ([...timeKeys, ...filterKeys].some((known) => known === key)) kept[key] = value;
    else others.push({ key, value, expected: 'a filter that this page has', nearest: undefined });
  }
  return { filter: kept, problems: [...problems, ...others, ...wrongChoices] };
}

/** A filter as it stands in an address. */
export function filterTexts(filter: RunFilter): SearchTexts {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
