// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState } from 'react';
import type { MouseEvent, PointerEvent } from 'react';
import { moveWindow, zoomWindow } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';

/** A pointer that moved less is a click. */
const leastDrag = 4;
/** How much of the wheel's way doubles or halves what is seen, in pixels. */
const wheelDoubling = 250;
/** A wheel that counts in lines or pages. */
const wheelUnits = [1, 16, 400] as const;

export interface PointerPlace {
  /** Pixels from the top left corner of what is seen. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Drag {
  readonly kind: 'range' | 'move';
  readonly x: number;
  readonly from: TimeWindow;
  hasMoved: boolean;
}

interface PointerOptions {
  readonly window: TimeWindow;
  readonly whole: TimeWindow;
  readonly change: (window: TimeWindow) => void;
  readonly onHover: (place: PointerPlace | undefined) => void;
  readonly onClick: (place: PointerPlace) => void;
  readonly onDoubleClick: (place: PointerPlace) => void;
  /** A stretch that is being chosen; `isDone` when the pointer is let go. */
  readonly onRange: (range: TimeWindow, isDone: boolean) => void;
}

function placeOf(event: MouseEvent<HTMLElement>): PointerPlace {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    x: event.clientX - box.left,
    y: event.clientY - box.top,
    width: Math.max(1, box.width),
    height: box.height,
  };
}

/** The time at a place. */
export function timeAt(
  { x, width }: Pick<PointerPlace, 'x' | 'width'>,
  { from, to }: TimeWindow,
): number {
  return from + (x / width) * (to - from);
}

/**
 * Drag selects a stretch; with Shift, the middle button or a finger it moves what is seen. A click and a
 * double click are told as such.
 */
export function useTimelinePointer(options: PointerOptions) {
  const drag = useRef<Drag>(undefined);
  const [isMoving, setMoving] = useState(false);
  const { window, whole } = options;
  const rangeTo = (place: PointerPlace, from: number): TimeWindow => {
    const at = Math.min(window.to, Math.max(window.from, timeAt(place, window)));
    const start = timeAt({ ...place, x: from }, window);
    return { from: Math.min(start, at), to: Math.max(start, at) };
  };
  const finish = (): void => {
    drag.current = undefined;
    setMoving(false);
  };
  return {
    isMoving,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button > 1) return;
        // The middle button would start to scroll by itself.
        if (event.button === 1) event.preventDefault();
        const isMove = event.shiftKey || event.button === 1 || event.pointerType === 'touch';
        event.currentTarget.setPointerCapture(event.pointerId);
        const { x } = placeOf(event);
        drag.current = { kind: isMove ? 'move' : 'range', x, from: window, hasMoved: false };
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const place = placeOf(event);
        const now = drag.current;
        if (now === undefined) {
          options.onHover(place);
          return;
        }
        if (!now.hasMoved && Math.abs(place.x - now.x) < leastDrag) return;
        now.hasMoved = true;
        options.onHover(undefined);
        if (now.kind === 'range') {
          options.onRange(rangeTo(place, now.x), false);
          return;
        }
        setMoving(true);
        const by = ((now.x - place.x) / place.width) * (now.from.to - now.from.from);
        options.change(moveWindow(now.from, whole, by));
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const now = drag.current;
        finish();
        if (now === undefined) return;
        const place = placeOf(event);
        if (!now.hasMoved) options.onClick(place);
        else if (now.kind === 'range') options.onRange(rangeTo(place, now.x), true);
      },
      onPointerCancel: finish,
      onPointerLeave: () => options.onHover(undefined),
      onDoubleClick: (event: MouseEvent<HTMLElement>) => options.onDoubleClick(placeOf(event)),
    },
  };
}

/** The element that is scrolled. */
export function useArea() {
  return useRef<HTMLDivElement>(null);
}

/**
 * The wheel zooms around the pointer, sideways and with Shift it moves. Where lanes can be scrolled it does
 * that, and zooms with Ctrl or ⌘.
 */
export function useWheelZoom(
  area: ReturnType<typeof useArea>,
  options: Pick<PointerOptions, 'window' | 'whole' | 'change'>,
): void {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      const { window, whole, change } = latest.current;
      const unit = wheelUnits[event.deltaMode] ?? 1;
      const isZoom = event.ctrlKey || event.metaKey;
      const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      const canScroll = element.scrollHeight > element.clientHeight + 1;
      if (!isZoom && !isSideways && canScroll) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const width = Math.max(1, element.clientWidth);
      if (isSideways && !isZoom) {
        const way = (event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
        change(moveWindow(window, whole, (way / width) * (window.to - window.from)));
        return;
      }
      const at = timeAt({ x: event.clientX - box.left, width }, window);
      change(zoomWindow(window, whole, 2 ** ((event.deltaY * unit) / wheelDoubling), at));
    };
    // Only a listener that is not passive may keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [area]);
}
