// SPDX-License-Identifier: Apache-2.0
// JSON as coloured text: a flat list of pieces, so that a viewer needs no parser of its own.

import { isArray, isObject } from './json';

export type JsonPieceKind = 'key' | 'string' | 'number' | 'word' | 'plain';
export interface JsonPiece {
  readonly kind: JsonPieceKind;
  readonly text: string;
}

// Colouring is for reading; beyond this many characters plain text is faster and no less readable.
const colouringLimit = 60_000;

/** Lines are broken only where a value does not fit on one of this many characters. */
const lineWidth = 72;

/** Any value as JSON, indented where it is too long for a line; text as it is. */
export function prettyText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  return layOut(value, '', lineWidth);
}

function flat(value: unknown): string {
  if (isArray(value)) return `[${value.map(flat).join(', ')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, item]) => `${JSON.stringify(key)}: ${flat(item)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  if (value === undefined) return 'null';
  return typeof value === 'bigint' ? `"${value}"` : JSON.stringify(value);
}

/** `room` is what is left of the line behind the key. */
function layOut(value: unknown, margin: string, room: number): string {
  const line = flat(value);
  if (line.length <= room || (!isArray(value) && !isObject(value))) return line;
  const inner = `${margin}  `;
  const width = lineWidth - inner.length;
  if (isArray(value)) {
    const items = value.map((item) => inner + layOut(item, inner, width));
    return `[\n${items.join(',\n')}\n${margin}]`;
  }
  const members = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + layOut(item, inner, width - name.length);
  });
  return `{\n${members.join(',\n')}\n${margin}}`;
}

const pieces =
  /("(?:[^"\\\n]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Splits pretty-printed JSON into pieces; their texts joined are the input. */
export function splitJsonText(text: string): readonly JsonPiece[] {
  if (text.length > colouringLimit) return [{ kind: 'plain', text }];
  const found: JsonPiece[] = [];
  let last = 0;
  for (const match of text.matchAll(pieces)) {
    if (match.index > last) found.push({ kind: 'plain', text: text.slice(last, match.index) });
    const [whole, quoted, colon, number] = match;
    if (quoted !== undefined && colon !== undefined) {
      found.push({ kind: 'key', text: quoted }, { kind: 'plain', text: colon });
    } else {
      found.push({
        kind: quoted !== undefined ? 'string' : number !== undefined ? 'number' : 'word',
        text: whole,
      });
    }
    last = match.index + whole.length;
  }
  if (last < text.length) found.push({ kind: 'plain', text: text.slice(last) });
  return found;
}
