// SPDX-License-Identifier: Apache-2.0

import { readText } from '../base/json';
import type { JsonObject } from '../base/json';

/** The query part of an address as it came: every key that has a text. */
export type SearchTexts = Readonly<Record<string, string | undefined>>;

export function readSearch(search: JsonObject): SearchTexts {
  return Object.fromEntries(
    Object.keys(search).flatMap((key) => {
      const value = readText(search, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
