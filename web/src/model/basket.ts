// SPDX-License-Identifier: Apache-2.0
// A set of runs as a comparison names it: the filters of the server's list, as a query string.

import { filterFields } from './filterFields';
import type { SearchTexts } from './searchTexts';

/** The same set in the address of the list of runs. */
export function basketSearch(filter: string): SearchTexts {
  const search: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(filter)) {
    const field = filterFields.find(
      ({ key, parameter, kind }) => kind !== 'range' && (parameter === name || key === name),
    );
    search[field?.key ?? name] = value;
  }
  return search;
}
