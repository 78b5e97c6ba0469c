// SPDX-License-Identifier: Apache-2.0

import { memo, useCallback, useMemo } from 'react';
import { colourings } from '../../../model/barColours';
import type { Colouring } from '../../../model/barColours';
import { spanKinds } from '../../../model/span';
import { isOver } from '../../../model/status';
import { axisTicks } from '../../../model/timeAxis';
import { isWhole, lengthOf, moveWindow, zoomWindow } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';
import { kindColour } from '../../../parts/kindColour';
import { Button } from '../../../ui/Button';
import { useCommand } from '../../../ui/commands';
import { EmptyState } from '../../../ui/Notice';
import { SelectField } from '../../../ui/SelectField';
import type { RunState } from '../useRunState';
import { mostTicks, nameColour } from './drawTimeline';
import { RangeStrip } from './RangeStrip';
import styles from './Timeline.module.css';
import { TimelineArea } from './TimelineArea';
import { zoomStep } from './timelineKeys';
import { useShownWindow, useWindowFollow } from './useWindow';
import { useTimeline } from './useTimeline';
import type { TimelineState } from './useTimeline';
import type { WindowStore } from './windowStore';

const colourLabels: Readonly<Record<Colouring, string>> = {
  kind: 'Colour: kind',
  agent: 'Colour: agent',
  model: 'Colour: model',
};
/** Of the window, by one key. */
const moveStep = 0.2;
const mostLegend = 8;
/** A label further right would stick out. */
const lastTickAt = 0.93;

/** Zooming and moving, for buttons and keys. */
function useZoom(store: WindowStore, window: TimeWindow, whole: TimeWindow) {
  const zoom = (factor: number): void =>
    store.change(zoomWindow(window, whole, factor, (window.from + window.to) / 2));
  const move = (share: number): void =>
    store.change(moveWindow(window, whole, share * lengthOf(window)));
  const zoomIn = (): void => zoom(zoomStep);
  const zoomOut = (): void => zoom(1 / zoomStep);
  const showAll = (): void => store.change(undefined);
  useCommand({ id: 'zoom in', title: 'Zoom in', key: 'w', run: zoomIn });
  useCommand({ id: 'zoom out', title: 'Zoom out', key: 's', run: zoomOut });
  useCommand({ id: 'move left', title: 'Look earlier', key: 'a', run: () => move(-moveStep) });
  useCommand({ id: 'move right', title: 'Look later', key: 'd', run: () => move(moveStep) });
  useCommand({ id: 'whole run', title: 'Show the whole run', key: '0', run: showAll });
  return { zoomIn, zoomOut, showAll };
}

/** A run over time: bars on lanes, to zoom into, with sums of what is selected. */
export function TimelineView(props: { readonly state: RunState; readonly store: WindowStore }) {
  const { state, store } = props;
  const shown = useTimeline(state);
  const { window, whole } = useShownWindow(store, state);
  useWindowFollow(store, state);
  const zoom = useZoom(store, window, whole);
  const { timeline, setSelection } = shown;
  const onClear = useCallback(() => setSelection(undefined), [setSelection]);
  const onZoom = useCallback(
    (selection: TimeWindow) => {
      store.change(selection);
      setSelection(undefined);
    },
    [store, setSelection],
  );
  if (timeline.rows.length === 0)
    return (
      <EmptyState title="No spans yet">
        <p>
          {timeline.unplaced > 0
            ? 'None of the spans that have arrived says when it began.'
            : 'The run is known, but none of its spans has arrived.'}
        </p>
      </EmptyState>
    );
  return (
    <div className={styles.frame} data-testid="timeline">
      <div className={styles.tools}>
        <span className={styles.buttons}>
          <Button fit="icon" title="Zoom in (W)" aria-label="Zoom in" onClick={zoom.zoomIn}>
            +
          </Button>
          <Button fit="icon" title="Zoom out (S)" aria-label="Zoom out" onClick={zoom.zoomOut}>
            −
          </Button>
          <Button
            fit="small"
            title="Show the whole run (0)"
            disabled={isWhole(window, whole)}
            onClick={zoom.showAll}
          >
            Whole run
          </Button>
        </span>
        <LookTools shown={shown} isOver={isOver(state.view.run.status)} />
      </div>
      {state.matches?.length === 0 && (
        <p className={styles.noMatch} role="status">
          No span matches “{state.search.find}”{' '}
          <Button fit="small" onClick={() => state.setFind('')}>
            Clear search
          </Button>
        </p>
      )}
      <Axis window={window} />
      <TimelineArea
        state={state}
        shown={shown}
        window={window}
        whole={whole}
        change={store.change}
      />
      <RangeStrip
        state={state}
        selection={shown.selection}
        unplaced={timeline.unplaced}
        onZoom={onZoom}
        onClear={onClear}
      />
    </div>
  );
}

/** How bars look. Not drawn anew while what is seen of them moves. */
const LookTools = memo(function LookTools(props: {
  readonly shown: TimelineState;
  readonly isOver: boolean;
}) {
  const { shown } = props;
  return (
    <>
      <CriticalPath shown={shown} isOver={props.isOver} />
      <Folding shown={shown} />
      <SelectField
        label="Colour of bars"
        value={shown.colouring}
        options={colourings.map((value) => ({ value, label: colourLabels[value] }))}
        onChange={(value) => shown.setColouring(colourings.find((one) => one === value) ?? 'kind')}
      />
      <BarLegend shown={shown} />
    </>
  );
});

function Folding({ shown }: { readonly shown: TimelineState }) {
  const isFolded = shown.collapsed.size > 0;
  const canFold = shown.timeline.agents.some(({ lane }) => lane > 0);
  if (!isFolded && !canFold) return undefined;
  return (
    <Button
      fit="small"
      title={
        isFolded
          ? 'Show what lies below folded spans'
          : 'Show each sub-agent as one bar with its sums (Space folds any span)'
      }
      onClick={isFolded ? shown.unfoldAll : shown.foldAgents}
    >
      {isFolded ? 'Unfold all' : 'Fold agents'}
    </Button>
  );
}

/** What the run waited for is told by the server, once the run is over. */
function CriticalPath(props: { readonly shown: TimelineState; readonly isOver: boolean }) {
  const { shown } = props;
  return (
    <Button
      fit="small"
      aria-pressed={shown.isPathOnly}
      disabled={!props.isOver}
      title={
        props.isOver
          ? 'Dim what the run did not wait for'
          : 'What a run waits for is known when it is over'
      }
      onClick={() => shown.setPathOnly(!shown.isPathOnly)}
    >
      Critical path
    </Button>
  );
}

/** What the colours stand for, of as many as there are colours. */
function BarLegend({ shown }: { readonly shown: TimelineState }) {
  const { colouring, colours, timeline } = shown;
  const { tree } = timeline;
  // Drawn with each frame of a zoom, for which all spans are not looked through.
  const present = useMemo(() => new Set(tree.nodes.map(({ span }) => span.kind)), [tree]);
  const hasPath = useMemo(
    () => tree.nodes.some(({ span }) => (span.criticalSeconds ?? 0) > 0),
    [tree],
  );
  const items =
    colouring === 'kind'
      ? spanKinds
          .filter((kind) => present.has(kind))
          .map((kind) => ({ name: kind, colour: kindColour(kind) }))
      : colours.names.map((name, place) => ({ name, colour: nameColour(place) }));
  return (
    <span className={styles.legend}>
      {items.slice(0, mostLegend).map(({ name, colour }) => (
        <span key={name} className={styles.legendItem}>
          <span className={styles.swatch} style={{ background: colour }} />
          <bdi>{name}</bdi>
        </span>
      ))}
      {hasPath && (
        <span className={styles.legendItem} title="The run would be shorter without it">
          <span className={styles.pathSwatch} />
          waited for
        </span>
      )}
    </span>
  );
}

function Axis({ window }: { readonly window: TimeWindow }) {
  return (
    <div className={styles.axis} aria-hidden="true">
      {axisTicks(window, mostTicks)
        .filter(({ at }) => at < lastTickAt)
        .map(({ at, label }) => (
          <span key={at} className={styles.tick} style={{ left: `${at * 100}%` }}>
            {label}
          </span>
        ))}
    </div>
  );
}
