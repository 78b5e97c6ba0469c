// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isBlank, parseEmbeddedJson, readNumber, readObjects, readText } from './json';

describe('json readers', () => {
  it.each([
    ['a number', 12.5, 12.5],
    ['a decimal string', '9007199254740993', 9007199254740992],
    ['zero stays zero', 0, 0],
    ['null is absent', null, undefined],
    ['an empty string is absent', '', undefined],
    ['words are absent', 'twelve', undefined],
    ['infinity is absent', Infinity, undefined],
  ])('readNumber: %s', (_name, value, expected) => {
    expect(readNumber({ value }, 'value')).toBe(expected);
  });

  it('readText takes an empty string as absent', () => {
    expect(readText({ a: '' }, 'a')).toBeUndefined();
    expect(readText({ a: 'x' }, 'a')).toBe('x');
  });

  it('readObjects leaves out members of another type', () => {
    expect(readObjects({ list: [{ a: 1 }, 'x', null, [1]] }, 'list')).toEqual([{ a: 1 }]);
    expect(readObjects({ list: 'x' }, 'list')).toEqual([]);
  });

  it.each([
    ['an object in text', '{"a":1}', { a: 1 }],
    ['an array in text', ' [1,2] ', [1, 2]],
    ['broken JSON stays text', '{"a":', '{"a":'],
    [
      'absurd nesting stays text',
      '['.repeat(9000) + ']'.repeat(9000),
      '['.repeat(9000) + ']'.repeat(9000),
    ],
    ['a plain number in text stays text', '12', '12'],
  ])('parseEmbeddedJson: %s', (_name, value, expected) => {
    expect(parseEmbeddedJson(value)).toEqual(expected);
  });

  it.each([
    [undefined, true],
    [null, true],
    ['', true],
    [{}, true],
    [[], true],
    [0, false],
    [false, false],
    [{ a: 1 }, false],
  ])('isBlank(%j) is %s', (value, expected) => {
    expect(isBlank(value)).toBe(expected);
  });
});
