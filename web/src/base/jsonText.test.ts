// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { prettyText, splitJsonText } from './jsonText';

describe('splitJsonText', () => {
  it('names keys, strings, numbers and words', () => {
    const kinds = splitJsonText('{"a": "b:1", "n": -1.5e3, "t": true}').filter(
      (piece) => piece.kind !== 'plain',
    );
    expect(kinds).toEqual([
      { kind: 'key', text: '"a"' },
      { kind: 'string', text: '"b:1"' },
      { kind: 'key', text: '"n"' },
      { kind: 'number', text: '-1.5e3' },
      { kind: 'key', text: '"t"' },
      { kind: 'word', text: 'true' },
    ]);
  });

  it.each([
    ['nested', prettyText({ a: [1, 'x "quoted" \\', null], b: {} })],
    ['cut in a string', '{"a": "never clo'],
    ['not JSON', 'plain words: 12'],
    ['empty', ''],
  ])('loses nothing: %s', (_name, text) => {
    expect(
      splitJsonText(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it('leaves very long text plain', () => {
    expect(splitJsonText('"a"'.repeat(30_000))).toHaveLength(1);
  });
});

describe('prettyText', () => {
  it('shows bigint and absent values without failing', () => {
    expect(prettyText({ n: 12n })).toBe('{\n  "n": "12"\n}');
    expect(prettyText(undefined)).toBe('');
  });
});
