// SPDX-License-Identifier: Apache-2.0

import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { lengthOf, zoomWindow } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';
import type { RunState } from '../useRunState';
import { timelineMove } from './timelineKeys';
import type { TimelineState } from './useTimeline';

/** A bar that is zoomed to takes so much of the width. */
const fitShare = 0.8;

/** What is drawn, and how it is changed. */
export interface AreaProps {
  readonly state: RunState;
  readonly shown: TimelineState;
  readonly window: TimeWindow;
  readonly whole: TimeWindow;
  readonly change: (window: TimeWindow | undefined) => void;
}

/** A little more than a bar, so that its ends are seen. */
export function windowAround(from: number, to: number, whole: TimeWindow): TimeWindow {
  const length = Math.max(to - from, lengthOf(whole) * 1e-7);
  const middle = (from + to) / 2;
  const half = length / fitShare / 2;
  return zoomWindow({ from: middle - half, to: middle + half }, whole, 1, middle);
}

/** Keys walk from bar to bar, zoom and select. */
export function useTimelineKeys(props: AreaProps) {
  const { state, shown, window, whole, change } = props;
  const { timeline, activeRow } = shown;
  const anchor = useRef<TimeWindow>(undefined);
  const partOf = (bar: number): TimeWindow => ({
    from: timeline.starts[bar] ?? 0,
    to: timeline.ends[bar] ?? 0,
  });
  const idOf = (bar: number): string | undefined =>
    timeline.tree.nodes[timeline.rows[bar] ?? -1]?.span.id;
  const goTo = (bar: number, isRange: boolean): void => {
    const spanId = idOf(bar);
    shown.setActive(spanId);
    // Once the details are open they follow.
    if (state.search.span !== undefined) state.select(spanId);
    const own = partOf(bar);
    if (!isRange) {
      anchor.current = own;
      return;
    }
    const first = anchor.current ?? own;
    shown.setSelection({ from: Math.min(first.from, own.from), to: Math.max(first.to, own.to) });
  };
  return (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const active = timeline.bars[activeRow] ?? -1;
    const press = { key: event.key, isShift: event.shiftKey };
    const move = timelineMove(press, timeline, active, shown.selection !== undefined);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const middle = (window.from + window.to) / 2;
    switch (move.kind) {
      case 'go':
        goTo(move.bar, move.isRange);
        return;
      case 'select':
        state.select(idOf(move.bar));
        return;
      case 'fold': {
        const spanId = idOf(move.bar);
        if (spanId !== undefined) shown.fold(spanId);
        return;
      }
      case 'fit': {
        const { from, to } = partOf(move.bar);
        change(windowAround(from, to, whole));
        return;
      }
      case 'zoom':
        change(zoomWindow(window, whole, move.factor, middle));
        return;
      case 'clear':
        shown.setSelection(undefined);
        return;
    }
  };
}
