// SPDX-License-Identifier: Apache-2.0
// Arguments and results of a tool in a line.

import { formatBytes, plural } from '../base/format';
import { isArray, isObject } from '../base/json';
import { prettyText } from '../base/jsonText';
import type { Body } from './message';

const longest = 160;

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

function flat(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Of an object with one member its value, which says what was meant; else all of it. */
export function firstLine(body: Body): string {
  if (body.kind === 'cut') return cut(body.preview);
  const { value } = body;
  if (isObject(value)) {
    const members = Object.entries(value);
    const [only] = members;
    if (members.length === 1 && only !== undefined) return cut(flat(only[1]));
    return cut(members.map(([key, item]) => `${key}: ${flat(item)}`).join(', '));
  }
  return cut(flat(value));
}

/** A short result as it is; of a long one how much it is. */
export function resultSummary(body: Body): string {
  if (body.kind === 'cut')
    return body.size === undefined ? 'a long result' : formatBytes(body.size);
  if (isArray(body.value)) return plural(body.value.length, 'item');
  const text = prettyText(body.value).trimEnd();
  const lines = text.split('\n').length;
  if (lines > 2) return plural(lines, 'line');
  return text.length > longest ? cut(text) : text;
}
