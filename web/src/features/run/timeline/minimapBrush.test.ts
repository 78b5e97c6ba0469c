// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draggedWindow, endAfterKey } from './minimapBrush';

const whole = { from: 0, to: 100 };
const window = { from: 20, to: 40 };

describe('draggedWindow', () => {
  it.each([
    ['a new one to the right', 'brush', 50, 70, [50, 70]],
    ['a new one to the left', 'brush', 50, 30, [30, 50]],
    ['a new one past the edge', 'brush', 90, 130, [60, 100]],
    ['moved', 'move', 30, 35, [25, 45]],
    ['moved to the edge', 'move', 30, -50, [0, 20]],
    ['its start', 'start', 20, 10, [10, 40]],
    ['its start past its end', 'start', 20, 60, [40, 60]],
    ['its end', 'end', 40, 80, [20, 80]],
    ['its end past its start', 'end', 40, 5, [5, 20]],
  ] as const)('%s', (_name, kind, at, now, [from, to]) => {
    expect(draggedWindow({ kind, at, window }, now, whole)).toEqual({ from, to });
  });
});

describe('endAfterKey', () => {
  it.each([
    ['ArrowRight', false, 20, 22],
    ['ArrowLeft', false, 20, 18],
    ['ArrowUp', false, 20, 22],
    ['ArrowDown', true, 20, 10],
    ['ArrowLeft', false, 1, 0],
    ['ArrowRight', true, 99, 100],
    ['Home', false, 20, 0],
    ['End', false, 20, 100],
    ['Enter', false, 20, undefined],
  ])('%s, Shift %s, from %s', (key, isShift, at, expected) => {
    expect(endAfterKey({ key, isShift }, at, whole)).toBe(expected);
  });
});
