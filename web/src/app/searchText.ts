// SPDX-License-Identifier: Apache-2.0
// The query part of an address as plain text values: ids made of digits stay what they are.

import type { JsonObject } from '../base/json';

export function parseSearchText(text: string): Record<string, unknown> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function formatSearchText(search: JsonObject): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') parameters.set(key, value);
    if (value === true) parameters.set(key, 'true');
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
