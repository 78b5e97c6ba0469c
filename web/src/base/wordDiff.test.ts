// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { diffWords } from './wordDiff';

const told = (left: string, right: string) =>
  diffWords(left, right)
    .map(({ side, text }) => (side === 'both' ? text : `${side === 'left' ? '-' : '+'}[${text}]`))
    .join('');

describe('diffWords', () => {
  it.each([
    ['the same', 'the same', 'the same'],
    ['', 'new', '+[new]'],
    ['old', '', '-[old]'],
    ['order 12 is late', 'order 13 is late', 'order -[12]+[13] is late'],
    ['a b c d', 'a x c d e', 'a -[b]+[x] c d+[ e]'],
    ['f(1)', 'f(2)', 'f(-[1]+[2])'],
    ['a red fox runs', 'a blue cat runs', 'a -[red fox]+[blue cat] runs'],
    ['', '', ''],
  ])('%s | %s', (left, right, expected) => expect(told(left, right)).toBe(expected));

  it('never loses a text', () => {
    const left = 'one two  three\nfour five';
    const right = 'two one three four\n six';
    const pieces = diffWords(left, right);
    const of = (side: string) =>
      pieces
        .filter((piece) => piece.side === 'both' || piece.side === side)
        .map(({ text }) => text)
        .join('');
    expect(of('left')).toBe(left);
    expect(of('right')).toBe(right);
  });

  it('shows long differing texts whole', () => {
    const long = (word: string) =>
      Array.from({ length: 1500 }, (_, at) => `${word}${at}`).join(' ');
    const pieces = diffWords(`same ${long('a')}`, `same ${long('b')}`);
    expect(pieces.map(({ side }) => side)).toEqual(['both', 'left', 'right']);
  });
});
