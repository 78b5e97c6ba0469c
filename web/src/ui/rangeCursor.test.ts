// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { indexAt, moveCursor, rangeOf } from './rangeCursor';

const at = (place: number, anchor?: number) => ({ at: place, anchor });

describe('moveCursor', () => {
  const cases = [
    ['goes right', at(2), 'ArrowRight', false, at(3)],
    ['stays at the end', at(4), 'ArrowRight', false, at(4)],
    ['stays at the beginning', at(0), 'PageUp', false, at(0)],
    ['begins a selection', at(2), 'ArrowRight', true, at(3, 2)],
    ['lets a selection grow', at(3, 2), 'ArrowRight', true, at(4, 2)],
    ['drops a selection', at(3, 2), 'Home', false, at(0)],
  ] as const;
  it.each(cases)('%s', (_name, cursor, key, isShift, expected) => {
    expect(moveCursor(cursor, { key, isShift }, 5)).toEqual(expected);
  });

  it('does not take other keys, nor move where nothing is', () => {
    expect(moveCursor(at(0), { key: 'a', isShift: false }, 5)).toBeUndefined();
    expect(moveCursor(at(0), { key: 'End', isShift: false }, 0)).toBeUndefined();
  });
});

describe('rangeOf', () => {
  it('is in order from either side', () => {
    expect(rangeOf(at(1, 3))).toEqual({ first: 1, last: 3 });
    expect(rangeOf(at(3, 1))).toEqual({ first: 1, last: 3 });
    expect(rangeOf(at(2))).toEqual({ first: 2, last: 2 });
  });
});

describe('indexAt', () => {
  it.each([
    [0, 0],
    [0.49, 1],
    [0.999, 3],
    [1, 3],
    [-1, 0],
  ])('%s of four is %s', (share, expected) => expect(indexAt(share, 4)).toBe(expected));
});
