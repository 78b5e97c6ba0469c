// SPDX-License-Identifier: Apache-2.0
// What all pages look at: a stretch of time, and whether it is followed or held. It stands in the address
// of each page and goes along in the links between them.

import type { SearchTexts } from './searchTexts';

export const scopeKeys = ['t', 'from', 'to', 'hold'] as const;

/** The part of an address that the next page takes over. */
export function scopeOf(search: SearchTexts): SearchTexts {
  return Object.fromEntries(
    scopeKeys.flatMap((key) => (search[key] === undefined ? [] : [[key, search[key]]])),
  );
}

/** True for an address that asks to show things as they are, without following what happens. */
export function isHeld(search: SearchTexts): boolean {
  return search['hold'] === '1';
}

/** The ranges on offer: as in the address, and in words. */
export const rangeChoices = [
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
] as const;
