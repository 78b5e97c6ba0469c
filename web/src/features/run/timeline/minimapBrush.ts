// SPDX-License-Identifier: Apache-2.0
// How the range of the minimap changes by pointer and by keys.

import { clampWindow, lengthOf, moveWindow } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';

/** Of the run, by one key. */
const keyStep = 0.02;

export interface BrushDrag {
  /** A new range, the old one moved, or one of its ends moved. */
  readonly kind: 'brush' | 'move' | 'start' | 'end';
  /** Where the pointer was pressed, in seconds. */
  readonly at: number;
  /** The range at that moment. */
  readonly window: TimeWindow;
}

/** The window after a pointer that was pressed at `at` has come to `now`, in seconds. */
export function draggedWindow(
  { kind, at, window }: BrushDrag,
  now: number,
  whole: TimeWindow,
): TimeWindow {
  if (kind === 'move') return moveWindow(window, whole, now - at);
  const fixed = kind === 'brush' ? at : kind === 'start' ? window.to : window.from;
  return clampWindow({ from: Math.min(fixed, now), to: Math.max(fixed, now) }, whole);
}

/** Where a key moves an end, in seconds; undefined for other keys. */
export function endAfterKey(
  press: { readonly key: string; readonly isShift: boolean },
  at: number,
  whole: TimeWindow,
): number | undefined {
  const step = lengthOf(whole) * keyStep * (press.isShift ? 5 : 1);
  switch (press.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(whole.from, at - step);
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(whole.to, at + step);
    case 'Home':
      return whole.from;
    case 'End':
      return whole.to;
    default:
      return undefined;
  }
}
