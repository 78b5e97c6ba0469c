// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { buildSpanTree, makeSpan } from '../../../model/spanBuilder';
import { layoutTimeline } from '../../../model/timeline';
import { timelineMove } from './timelineKeys';

const tree = buildSpanTree([
  makeSpan('root', { startNs: 0n, endNs: 100n }),
  makeSpan('a', { parentId: 'root', startNs: 0n, endNs: 40n }),
  makeSpan('b', { parentId: 'root', startNs: 50n, endNs: 90n }),
]);
const timeline = layoutTimeline(tree, { startNs: 0n, seconds: 1e-7 }, new Set());
const nothing = layoutTimeline(buildSpanTree([]), { startNs: 0n, seconds: 0 }, new Set());

describe('timelineMove', () => {
  it.each([
    ['ArrowDown', -1, { kind: 'go', bar: 0, isRange: false }],
    ['Home', -1, { kind: 'go', bar: 0, isRange: false }],
    ['Enter', -1, undefined],
    [' ', -1, undefined],
    ['x', -1, undefined],
    ['ArrowDown', 0, { kind: 'go', bar: 1, isRange: false }],
    ['ArrowRight', 1, { kind: 'go', bar: 2, isRange: false }],
    ['ArrowRight', 2, undefined],
    ['Enter', 1, { kind: 'select', bar: 1 }],
    ['f', 1, { kind: 'fit', bar: 1 }],
    [' ', 0, { kind: 'fold', bar: 0 }],
    ['Escape', 0, undefined],
    ['Tab', 0, undefined],
  ])('%s at bar %s', (key, active, move) => {
    expect(timelineMove({ key, isShift: false }, timeline, active, false)).toEqual(move);
  });

  it('Shift selects on the way', () => {
    const press = { key: 'ArrowRight', isShift: true };
    expect(timelineMove(press, timeline, 1, false)).toEqual({ kind: 'go', bar: 2, isRange: true });
  });

  it('Escape drops a range', () => {
    const press = { key: 'Escape', isShift: false };
    expect(timelineMove(press, timeline, 1, true)).toEqual({ kind: 'clear' });
  });

  it.each(['+', '=', '-'])('%s zooms, whatever is there', (key) => {
    expect(timelineMove({ key, isShift: false }, nothing, -1, false)?.kind).toBe('zoom');
  });

  it('has nowhere to go where nothing is', () => {
    expect(timelineMove({ key: 'ArrowDown', isShift: false }, nothing, -1, false)).toBeUndefined();
  });
});
