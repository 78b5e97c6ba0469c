// SPDX-License-Identifier: Apache-2.0

import { useCallback, useDeferredValue, useMemo, useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { formatDuration } from '../../../base/format';
import { layoutMinimap, nearestCall, paintMinimap } from '../../../model/minimap';
import type { Minimap as Layout } from '../../../model/minimap';
import { isWhole, lengthOf } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';
import { kindColour } from '../../../parts/kindColour';
import { Button } from '../../../ui/Button';
import { useCanvas } from '../../../ui/useCanvas';
import type { Brush } from '../../../ui/useCanvas';
import type { RunState } from '../useRunState';
import styles from './Minimap.module.css';
import { draggedWindow, endAfterKey } from './minimapBrush';
import type { BrushDrag } from './minimapBrush';
import { useShownWindow } from './useWindow';
import type { WindowStore } from './windowStore';

const leastDrag = 4;

function useDrawing(state: RunState, layout: Layout) {
  const { tree } = state.view;
  const { seconds } = state.scale;
  const draw = useCallback(
    (brush: Brush) => {
      const { context, width, height, colourOf } = brush;
      if (seconds <= 0) return;
      const pitch = height / layout.laneCount;
      const size = Math.max(1, pitch - 1);
      context.globalAlpha = 0.18;
      context.fillStyle = colourOf(kindColour('agent'));
      for (const { lane, from, to } of layout.agents)
        context.fillRect(
          (from / seconds) * width,
          lane * pitch,
          Math.max(1, ((to - from) / seconds) * width),
          size,
        );
      context.globalAlpha = 0.9;
      for (const run of paintMinimap(layout, tree, seconds, width)) {
        context.fillStyle = colourOf(run.isFailed ? 'var(--error)' : kindColour(run.kind));
        // A failure stands out by its height, too.
        const inset = run.isFailed ? 0 : size * 0.18;
        context.fillRect(
          run.left,
          run.lane * pitch + inset,
          run.right - run.left,
          size - 2 * inset,
        );
      }
    },
    [layout, tree, seconds],
  );
  return useCanvas(draw);
}

interface Drag extends BrushDrag {
  /** Where the pointer was pressed, in pixels. */
  readonly x: number;
  hasMoved: boolean;
}

/**
 * The whole run in a strip. What is chosen in it by dragging is what the views show; its ends move by
 * pointer and by arrow keys, a click shows the nearest call.
 */
export function Minimap(props: { readonly state: RunState; readonly store: WindowStore }) {
  const { state, store } = props;
  // A large run that grows is laid out after what is read has been drawn.
  const drawn = useDeferredValue(state);
  const { tree } = drawn.view;
  const { window, whole } = useShownWindow(store, state);
  const layout = useMemo(() => layoutMinimap(tree, drawn.scale), [tree, drawn.scale]);
  const canvas = useDrawing(drawn, layout);
  const drag = useRef<Drag>(undefined);
  const isAll = isWhole(window, whole);
  const timeOf = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return ((event.clientX - box.left) / Math.max(1, box.width)) * lengthOf(whole);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const at = timeOf(event);
    const end = event.target instanceof Element ? event.target.getAttribute('data-end') : undefined;
    const isInside = !isAll && at >= window.from && at <= window.to;
    const kind = end === 'start' || end === 'end' ? end : isInside ? 'move' : 'brush';
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { kind, at, x: event.clientX, window, hasMoved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const now = drag.current;
    if (now === undefined) return;
    if (!now.hasMoved && Math.abs(event.clientX - now.x) < leastDrag) return;
    now.hasMoved = true;
    store.change(draggedWindow(now, timeOf(event), whole));
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>): void => {
    const now = drag.current;
    drag.current = undefined;
    if (now === undefined || now.hasMoved || now.kind === 'start' || now.kind === 'end') return;
    const box = event.currentTarget.getBoundingClientRect();
    const lane = Math.floor(((event.clientY - box.top) / box.height) * layout.laneCount);
    const row = nearestCall(layout, lane, timeOf(event));
    if (row !== undefined) state.select(tree.nodes[row]?.span.id);
  };
  return (
    <div className={styles.frame} role="group" aria-label="Range of the run" data-testid="minimap">
      <div
        className={styles.map}
        role="presentation"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          drag.current = undefined;
        }}
        onDoubleClick={() => store.change(undefined)}
      >
        <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
        <Shade from={0} to={window.from} whole={whole} />
        <Shade from={window.to} to={whole.to} whole={whole} />
        <RangeEnd end="start" window={window} whole={whole} change={store.change} />
        <RangeEnd end="end" window={window} whole={whole} change={store.change} />
      </div>
      {!isAll && (
        <span className={styles.all}>
          <Button
            fit="small"
            title="Show the whole run"
            onClick={() => store.change(undefined)}
            data-testid="whole-range"
          >
            {formatDuration(lengthOf(window))} ×
            <span className="visually-hidden"> Show the whole run</span>
          </Button>
        </span>
      )}
    </div>
  );
}

function percent(seconds: number, whole: TimeWindow): string {
  return `${(100 * seconds) / Math.max(lengthOf(whole), Number.MIN_VALUE)}%`;
}

/** What is not looked at. */
function Shade(props: { readonly from: number; readonly to: number; readonly whole: TimeWindow }) {
  const { from, to, whole } = props;
  if (to <= from) return undefined;
  return (
    <span
      className={styles.shade}
      style={{ left: percent(from, whole), width: percent(to - from, whole) }}
    />
  );
}

function RangeEnd(props: {
  readonly end: 'start' | 'end';
  readonly window: TimeWindow;
  readonly whole: TimeWindow;
  readonly change: (window: TimeWindow | undefined) => void;
}) {
  const { end, window, whole } = props;
  const at = end === 'start' ? window.from : window.to;
  const onKeyDown = (event: KeyboardEvent): void => {
    const moved = endAfterKey({ key: event.key, isShift: event.shiftKey }, at, whole);
    if (moved === undefined) return;
    event.preventDefault();
    const next = draggedWindow({ kind: end, at, window }, moved, whole);
    // Ends do not pass each other.
    if (end === 'start' ? moved < window.to : moved > window.from)
      props.change(isWhole(next, whole) ? undefined : next);
  };
  return (
    <span
      className={styles.end}
      data-end={end}
      style={{ left: percent(at, whole) }}
      role="slider"
      tabIndex={0}
      aria-label={end === 'start' ? 'Start of the range' : 'End of the range'}
      aria-valuemin={0}
      aria-valuemax={whole.to}
      aria-valuenow={at}
      aria-valuetext={formatDuration(at)}
      onKeyDown={onKeyDown}
    />
  );
}
