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
  it.each([
    ['a short object stays on its line', { a: 1, b: ['x', null] }, '{ "a": 1, "b": ["x", null] }'],
    ['text is left as it is', '{"a":1}', '{"a":1}'],
    ['an absent value is nothing', undefined, ''],
    ['bigint is text', { n: 12n }, '{ "n": "12" }'],
    ['empty values', { a: {}, b: [] }, '{ "a": {}, "b": [] }'],
    [
      'a long one is broken where it must be',
      { question: 'x'.repeat(70), options: { deep: [1, 2] } },
      `{\n  "question": "${'x'.repeat(70)}",\n  "options": { "deep": [1, 2] }\n}`,
    ],
  ])('%s', (_name, value, expected) => {
    expect(prettyText(value)).toBe(expected);
  });

  it('writes JSON that reads back as the same value', () => {
    const value = {
      list: Array.from({ length: 40 }, (_, i) => ({ i, text: 'é"\\\n'.repeat(i) })),
      none: null,
    };
    expect(JSON.parse(prettyText(value))).toEqual(value);
  });
});
