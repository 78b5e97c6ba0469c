// SPDX-License-Identifier: Apache-2.0
// What is typed into the search: words such as status:failed become filters, the rest stays text.

import { nearestWord } from '../base/nearestWord';
import { filterFields } from './filterFields';
import type { FilterField, FilterKey } from './filterFields';

/** Names that are shorter to type than those of the address. */
const shortNames: Readonly<Record<string, FilterKey>> = {
  workflow: 'workflow_id',
  session: 'session_id',
  user: 'user_id',
  run: 'execution_id',
};

const fields: readonly FilterField[] = filterFields.filter(
  ({ key }) => !['q', 't', 'from', 'to', 'has_error'].includes(key),
);

/** What can stand before the colon. */
export const queryNames: readonly string[] = [
  ...fields.map(
    ({ key }) => Object.keys(shortNames).find((name) => shortNames[name] === key) ?? key,
  ),
  'has',
];

export interface UnknownToken {
  /** As it was typed. */
  readonly text: string;
  /** What was most likely meant: the same with a name that is known. */
  readonly nearest: string | undefined;
  /** What would have been understood. */
  readonly expected: string;
}

export interface ParsedQuery {
  /** The filters that the words stand for. */
  readonly filters: Readonly<Partial<Record<FilterKey, string>>>;
  /** What is searched for in names, ids and messages. */
  readonly text: string;
  readonly unknown: readonly UnknownToken[];
}

/** name:value, name:"a value with blanks", and everything else. */
const tokens =
  /([a-z_]+):("[^"]*"|[^\s"]+)|(duration|cost|tokens)([<>])\$?([\d.]+)([sk]?)(?=\s|$)|"[^"]*"|\S+/g;

/** The filter that a comparison such as duration>30s stands for. */
const comparisons: Readonly<Record<string, FilterKey>> = {
  'duration>': 'min_duration',
  'duration<': 'max_duration',
  'cost>': 'min_cost',
  'cost<': 'max_cost',
  'tokens>': 'min_tokens',
};

function comparisonOf(
  text: string,
  name: string,
  number: number,
): Partial<Record<FilterKey, string>> | UnknownToken {
  const key = comparisons[name];
  if (key === undefined || !Number.isFinite(number))
    return { text, nearest: undefined, expected: 'such as tokens>1000, cost>0.01, duration<30s' };
  return Object.fromEntries([[key, String(key === 'min_tokens' ? Math.round(number) : number)]]);
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

function filterOf(name: string, value: string): Partial<Record<FilterKey, string>> | UnknownToken {
  const text = `${name}:${value}`;
  if (name === 'has')
    return value === 'error'
      ? { has_error: 'true' }
      : { text, nearest: 'has:error', expected: 'has:error' };
  const key = shortNames[name] ?? name;
  const field = fields.find((one) => one.key === key);
  if (field === undefined) {
    const nearest = nearestWord(name, queryNames);
    return {
      text,
      nearest: nearest === undefined ? undefined : `${nearest}:${value}`,
      expected: `one of ${queryNames.join(', ')}`,
    };
  }
  if (field.values !== undefined && !field.values.includes(value)) {
    const nearest = nearestWord(value, field.values);
    return {
      text,
      nearest: nearest === undefined ? undefined : `${name}:${nearest}`,
      expected: `one of ${field.values.join(', ')}`,
    };
  }
  return Object.fromEntries([[field.key, value]]);
}

function isUnknown(found: ReturnType<typeof filterOf>): found is UnknownToken {
  return 'expected' in found;
}

/**
 * Reads what was typed. A word with a colon that is not at all like a filter, such as an address of the web
 * or a time, is text.
 */
export function parseQuery(typed: string): ParsedQuery {
  const filters: Partial<Record<FilterKey, string>> = {};
  const words: string[] = [];
  const unknown: UnknownToken[] = [];
  for (const match of typed.matchAll(tokens)) {
    const [whole, name, value, compared, sign, digits, unit] = match;
    if (compared !== undefined && sign !== undefined) {
      const number = Number(digits) * (unit === 'k' ? 1000 : 1);
      const found = comparisonOf(whole, `${compared}${sign}`, number);
      if (isUnknown(found)) unknown.push(found);
      else Object.assign(filters, found);
      continue;
    }
    if (name === undefined || value === undefined || value.startsWith('//')) {
      words.push(whole);
      continue;
    }
    const found = filterOf(name, unquoted(value));
    if (isUnknown(found)) unknown.push(found);
    else Object.assign(filters, found);
  }
  const text = words.length === 1 ? unquoted(words[0] ?? '') : words.join(' ');
  return { filters, text, unknown };
}

/** What could stand at the end of what was typed; `values` are those that are known of a filter. */
export function completions(
  typed: string,
  values: Readonly<Partial<Record<string, readonly string[]>>>,
): readonly string[] {
  const last = /\S*$/.exec(typed)?.[0] ?? '';
  const before = typed.slice(0, typed.length - last.length);
  const [, name, begun] = /^([a-z_]+):(.*)$/.exec(last) ?? [];
  if (name === undefined || begun === undefined)
    return queryNames
      .filter((known) => last !== '' && known.startsWith(last.toLowerCase()))
      .map((known) => `${before}${known}:${known === 'has' ? 'error' : ''}`);
  const key = shortNames[name] ?? name;
  const known = fields.find((field) => field.key === key)?.values ?? values[key] ?? [];
  return known
    .filter((value) => value.toLowerCase().startsWith(begun.toLowerCase().replace(/^"/, '')))
    .slice(0, 20)
    .map((value) => `${before}${name}:${/\s/.test(value) ? `"${value}"` : value}`);
}

/** Filters are taken at Enter: half of a value is another filter. */
export function hasFilter(typed: string): boolean {
  const { filters, unknown } = parseQuery(typed);
  return unknown.length > 0 || Object.keys(filters).length > 0;
}
