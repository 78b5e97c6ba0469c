// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { formatDuration } from '../../../base/format';
import { hitBar } from '../../../model/timelineBars';
import type { Hit } from '../../../model/timelineBars';
import { shownBar } from '../../../model/timeline';
import { lengthOf, revealWindow } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';
import { useCanvas } from '../../../ui/useCanvas';
import type { Brush } from '../../../ui/useCanvas';
import { useRowsCommand } from '../../../ui/useRowsCommand';
import { drawTimeline, laneHeight } from './drawTimeline';
import styles from './Timeline.module.css';
import { useTimelineKeys, windowAround } from './useTimelineKeys';
import type { AreaProps } from './useTimelineKeys';
import { figuresOf, TimelineTip } from './TimelineTip';
import { timeAt, useArea, useTimelinePointer, useWheelZoom } from './usePointer';
import type { PointerPlace } from './usePointer';

/** How far from a bar, in pixels, a pointer still means it. */
const reach = 4;

function hitAt(props: AreaProps, place: PointerPlace, scrollTop: number): Hit | undefined {
  const lane = Math.floor((place.y + scrollTop) / laneHeight);
  const tolerance = (reach / place.width) * lengthOf(props.window);
  return hitBar(props.shown.timeline, lane, timeAt(place, props.window), tolerance);
}

/** Keeps what is active in view, in time and among the lanes, when it changes. */
function useReveal(props: AreaProps, scroller: ReturnType<typeof useArea>, row: number): void {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const id = props.state.view.tree.nodes[row]?.span.id;
  useEffect(() => {
    const { shown, window, whole, change, state } = latest.current;
    const { timeline } = shown;
    const bar = shownBar(timeline, state.view.tree.indexById.get(id ?? '') ?? -1);
    const element = scroller.current;
    if (bar < 0 || element === null) return;
    const part = { from: timeline.starts[bar] ?? 0, to: timeline.ends[bar] ?? 0 };
    const next = revealWindow(window, whole, part);
    if (next !== window) change(next);
    const top = (timeline.lanes[bar] ?? 0) * laneHeight;
    const isAbove = top < element.scrollTop;
    const isBelow = top + laneHeight > element.scrollTop + element.clientHeight;
    if (isAbove) element.scrollTo({ top });
    else if (isBelow) element.scrollTo({ top: top + laneHeight - element.clientHeight });
  }, [id, scroller]);
}

function useDrawing(props: AreaProps, scrollTop: number) {
  const { state, shown, window } = props;
  const { timeline, colours, activeRow, matches, isPathOnly, collapsed } = shown;
  const { selectedRow } = state;
  const draw = useCallback(
    (brush: Brush) =>
      drawTimeline(brush, {
        timeline,
        window,
        scrollTop,
        colours,
        selectedRow,
        activeRow,
        matches,
        isPathOnly,
        collapsed,
      }),
    [timeline, window, scrollTop, colours, selectedRow, activeRow, matches, isPathOnly, collapsed],
  );
  return useCanvas(draw);
}

interface Hovered extends Hit {
  readonly place: PointerPlace;
}

/** The bars on their lanes; of what is seen, one canvas that stays in place while lanes are scrolled. */
export function TimelineArea(props: AreaProps) {
  const { state, shown, window, whole } = props;
  const { timeline } = shown;
  const scroller = useArea();
  const [scrollTop, setScrollTop] = useState(0);
  const [hovered, setHovered] = useState<Hovered>();
  const canvas = useDrawing(props, scrollTop);
  const itemId = useId();
  useReveal(props, scroller, shown.activeRow);
  useWheelZoom(scroller, { window, whole, change: props.change });
  const onKeyDown = useTimelineKeys(props);
  const spanAt = (place: PointerPlace): string | undefined => {
    const hit = hitAt(props, place, scrollTop);
    return timeline.tree.nodes[timeline.rows[hit?.bar ?? -1] ?? -1]?.span.id;
  };
  const { handlers, isMoving } = useTimelinePointer({
    window,
    whole,
    change: props.change,
    onHover: (place) => {
      const hit = place === undefined ? undefined : hitAt(props, place, scrollTop);
      if (hit === undefined || place === undefined) setHovered(undefined);
      else if (hit.bar !== hovered?.bar || hit.count !== hovered.count)
        setHovered({ ...hit, place });
    },
    onClick: (place) => {
      const spanId = spanAt(place);
      shown.setSelection(undefined);
      if (spanId === undefined) return;
      shown.setActive(spanId);
      state.select(spanId);
    },
    onDoubleClick: (place) => {
      const bar = hitAt(props, place, scrollTop)?.bar;
      if (bar !== undefined)
        props.change(windowAround(timeline.starts[bar] ?? 0, timeline.ends[bar] ?? 0, whole));
    },
    onRange: (range) => shown.setSelection(range),
  });
  const active = timeline.tree.nodes[shown.activeRow];
  useRowsCommand(() => scroller.current?.focus());
  const hoveredNode = timeline.tree.nodes[timeline.rows[hovered?.bar ?? -1] ?? -1];
  return (
    <div className={styles.area}>
      <div
        ref={scroller}
        className={styles.scroll}
        data-moving={isMoving}
        role="tree"
        tabIndex={0}
        aria-label="Spans by time"
        aria-activedescendant={active === undefined ? undefined : itemId}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
        onKeyDown={onKeyDown}
      >
        <div className={styles.stage} {...handlers} role="presentation">
          <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
          <SelectionCover selection={shown.selection} window={window} />
        </div>
        <div className={styles.lanes} style={{ height: timeline.laneCount * laneHeight }} />
        <ActiveItem id={itemId} {...props} />
      </div>
      {hovered !== undefined && hoveredNode !== undefined && (
        <TimelineTip
          node={hoveredNode}
          count={hovered.count}
          startNs={state.scale.startNs}
          x={hovered.place.x}
          y={hovered.place.y}
          areaWidth={hovered.place.width}
          areaHeight={hovered.place.height}
        />
      )}
    </div>
  );
}

/** What the keys have come to, for those who do not see it. */
function ActiveItem({ id, state, shown }: AreaProps & { readonly id: string }) {
  const node = shown.timeline.tree.nodes[shown.activeRow];
  if (node === undefined) return undefined;
  const { span, depth, childCount } = node;
  return (
    <div
      id={id}
      className="visually-hidden"
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-selected={span.id === state.search.span}
      aria-expanded={childCount > 0 ? !shown.collapsed.has(span.id) : undefined}
    >
      {`${span.kind} ${span.title}, ${span.status}, `}
      {figuresOf(span, state.scale.startNs).join(', ')}
    </div>
  );
}

function SelectionCover(props: {
  readonly selection: TimeWindow | undefined;
  readonly window: TimeWindow;
}) {
  const { selection, window } = props;
  if (selection === undefined || lengthOf(window) <= 0) return undefined;
  const left = Math.max(0, (selection.from - window.from) / lengthOf(window));
  const right = Math.min(1, (selection.to - window.from) / lengthOf(window));
  if (right <= left) return undefined;
  return (
    <span
      className={styles.cover}
      data-testid="timeline-selection"
      style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
    >
      <span className={styles.coverText}>{formatDuration(lengthOf(selection))}</span>
    </span>
  );
}
