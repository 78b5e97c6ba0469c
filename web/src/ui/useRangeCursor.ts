// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { indexAt, moveCursor, rangeOf } from './rangeCursor';
import type { IndexRange, RangeCursor } from './rangeCursor';

export interface RangeCursorState {
  /** The value looked at; undefined while nobody looks. */
  readonly at: number | undefined;
  readonly selection: IndexRange | undefined;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerLeave: () => void;
    readonly onPointerCancel: () => void;
    readonly onFocus: (event: { readonly currentTarget: HTMLElement }) => void;
    readonly onBlur: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
}

interface View {
  readonly cursor: RangeCursor | undefined;
  readonly isDragging: boolean;
}

const nowhere: View = { cursor: undefined, isDragging: false };

/**
 * Looking along a row of values and selecting some: drag, or arrow keys and Shift with them. A selection
 * is chosen when the pointer is released or with Enter; Escape drops it. `placeAt` tells the value below a
 * point, given as the share of the width; without it all values are as wide as each other.
 */
export function useRangeCursor(
  count: number,
  onRange: ((range: IndexRange) => void) | undefined,
  placeAt: (share: number) => number = (share) => indexAt(share, count),
): RangeCursorState {
  const [{ cursor, isDragging }, setView] = useState(nowhere);
  const pointed = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return placeAt((event.clientX - box.left) / Math.max(1, box.width));
  };
  const choose = (chosen: RangeCursor): void => {
    setView({ cursor: { at: chosen.at, anchor: undefined }, isDragging: false });
    onRange?.(rangeOf(chosen));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = cursor ?? { at: count - 1, anchor: undefined };
    if (event.key === 'Enter' && onRange !== undefined && count > 0) {
      event.preventDefault();
      choose(from);
      return;
    }
    if (event.key === 'Escape' && from.anchor !== undefined) {
      event.preventDefault();
      setView({ cursor: { at: from.at, anchor: undefined }, isDragging: false });
      return;
    }
    const press = { key: event.key, isShift: event.shiftKey && onRange !== undefined };
    const moved = moveCursor(from, press, count);
    if (moved === undefined) return;
    event.preventDefault();
    setView({ cursor: moved, isDragging: false });
  };
  const isSelecting = cursor?.anchor !== undefined;
  return {
    at: cursor === undefined || count === 0 ? undefined : Math.min(cursor.at, count - 1),
    selection: cursor !== undefined && isSelecting ? rangeOf(cursor) : undefined,
    handlers: {
      onKeyDown,
      onPointerDown: (event) => {
        if (onRange === undefined || count === 0 || event.button !== 0) return;
        const at = pointed(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        setView({ cursor: { at, anchor: at }, isDragging: true });
      },
      onPointerMove: (event) => {
        if (count === 0) return;
        const anchor = isDragging ? cursor?.anchor : undefined;
        setView({ cursor: { at: pointed(event), anchor }, isDragging });
      },
      onPointerUp: () => {
        if (isDragging && cursor !== undefined) choose(cursor);
      },
      onPointerLeave: () => {
        if (!isDragging) setView(nowhere);
      },
      onPointerCancel: () => setView(nowhere),
      onFocus: ({ currentTarget }) => {
        if (cursor === undefined && count > 0 && currentTarget.matches(':focus-visible'))
          setView({ cursor: { at: count - 1, anchor: undefined }, isDragging: false });
      },
      onBlur: () => setView(nowhere),
    },
  };
}
