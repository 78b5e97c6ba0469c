// SPDX-License-Identifier: Apache-2.0
// Arguments and results of a tool in a line.

import { formatBytes, plural } from '../base/format';
import { isArray } from '../base/json';
import { prettyText } from '../base/jsonText';
import type { Body } from './message';
import { valueLine } from './plainLine';

const longest = 160;

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** What the value says, in a line. */
export function firstLine(body: Body): string {
  return cut(body.kind === 'cut' ? body.preview : valueLine(body.value));
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
