// SPDX-License-Identifier: Apache-2.0

import { barAfterKey } from '../../../model/timelineBars';
import type { Timeline } from '../../../model/timeline';

/** What a key does in the timeline, before anything is done. */
export type TimelineMove =
  | { readonly kind: 'go'; readonly bar: number; readonly isRange: boolean }
  | { readonly kind: 'select' | 'fit' | 'fold'; readonly bar: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'clear' };

/** Shows so much of what was shown. */
export const zoomStep = 1 / 1.6;

/** `active` is the bar that the reader is at; -1 before the first key. */
export function timelineMove(
  press: { readonly key: string; readonly isShift: boolean },
  timeline: Timeline,
  active: number,
  hasRange: boolean,
): TimelineMove | undefined {
  const { key, isShift } = press;
  switch (key) {
    case '+':
    case '=':
      return { kind: 'zoom', factor: zoomStep };
    case '-':
      return { kind: 'zoom', factor: 1 / zoomStep };
    case 'Escape':
      return hasRange ? { kind: 'clear' } : undefined;
    case 'Enter':
      return active < 0 ? undefined : { kind: 'select', bar: active };
    case 'f':
      return active < 0 ? undefined : { kind: 'fit', bar: active };
    case ' ':
      return active < 0 ? undefined : { kind: 'fold', bar: active };
    default: {
      if (active < 0) {
        const isMove = key.startsWith('Arrow') || key === 'Home' || key === 'End';
        return isMove && timeline.rows.length > 0
          ? { kind: 'go', bar: 0, isRange: false }
          : undefined;
      }
      const bar = barAfterKey(timeline, active, key);
      return bar === undefined ? undefined : { kind: 'go', bar, isRange: isShift };
    }
  }
}
