// SPDX-License-Identifier: Apache-2.0
// JSON as coloured text: a flat list of pieces, so that a viewer needs no parser of its own.

export type JsonPieceKind = 'key' | 'string' | 'number' | 'word' | 'plain';
export interface JsonPiece {
  readonly kind: JsonPieceKind;
  readonly text: string;
}

// Colouring is for reading; beyond this many characters plain text is faster and no less readable.
const colouringLimit = 60_000;

/** Any value as indented JSON; text as it is. */
export function prettyText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  return JSON.stringify(value, bigintAsText, 2);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
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
