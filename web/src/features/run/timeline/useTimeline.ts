// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { colourRows } from '../../../model/barColours';
import type { Colouring, Colours } from '../../../model/barColours';
import { layoutTimeline, shownBar } from '../../../model/timeline';
import type { Timeline } from '../../../model/timeline';
import type { TimeWindow } from '../../../model/timeWindow';
import type { RunState } from '../useRunState';

const nothing: ReadonlySet<string> = new Set();

export interface TimelineState {
  readonly timeline: Timeline;
  readonly colours: Colours;
  readonly colouring: Colouring;
  readonly setColouring: (colouring: Colouring) => void;
  readonly isPathOnly: boolean;
  readonly setPathOnly: (isPathOnly: boolean) => void;
  readonly collapsed: ReadonlySet<string>;
  /** Folds a span up or opens it again. */
  readonly fold: (spanId: string) => void;
  /** Folds up all that sub-agents did, or opens everything. */
  readonly foldAgents: () => void;
  readonly unfoldAll: () => void;
  readonly matches: ReadonlySet<string> | undefined;
  /** The row that keys start from; -1 before the first. */
  readonly activeRow: number;
  readonly setActive: (spanId: string | undefined) => void;
  /** The stretch that was chosen for its sums. */
  readonly selection: TimeWindow | undefined;
  readonly setSelection: (selection: TimeWindow | undefined) => void;
}

/** Agents below another one, each with what it called. */
function subAgents(state: RunState): readonly string[] {
  return state.view.tree.nodes
    .filter(({ span, depth, childCount }) => span.kind === 'agent' && depth > 0 && childCount > 0)
    .map(({ span }) => span.id);
}

function useCollapsed(state: RunState) {
  const [collapsed, setCollapsed] = useState(nothing);
  const fold = useCallback((spanId: string) => {
    setCollapsed((before) => {
      const after = new Set(before);
      if (!after.delete(spanId)) after.add(spanId);
      return after;
    });
  }, []);
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  });
  const foldAgents = useCallback(() => setCollapsed(new Set(subAgents(latest.current))), []);
  const unfoldAll = useCallback(() => setCollapsed(nothing), []);
  return { collapsed, fold, foldAgents, unfoldAll };
}

export function useTimeline(state: RunState): TimelineState {
  const { tree } = state.view;
  const folding = useCollapsed(state);
  const { collapsed } = folding;
  const timeline = useMemo(
    () => layoutTimeline(tree, state.scale, collapsed),
    [tree, state.scale, collapsed],
  );
  const [colouring, setColouring] = useState<Colouring>('kind');
  const colours = useMemo(() => colourRows(tree, colouring), [tree, colouring]);
  const [isPathOnly, setPathOnly] = useState(false);
  const [activeId, setActive] = useState<string>();
  const { span: selectedId } = state.search;
  const [followed, setFollowed] = useState(selectedId);
  if (followed !== selectedId) {
    // Keys go on from what was selected, by whatever means.
    setFollowed(selectedId);
    if (selectedId !== undefined) setActive(selectedId);
  }
  const [selection, setSelection] = useState<TimeWindow>();
  const { matches: found } = state;
  const matches = useMemo(() => (found === undefined ? undefined : new Set(found)), [found]);
  const wanted = tree.indexById.get(activeId ?? selectedId ?? '') ?? -1;
  const activeBar = wanted < 0 ? -1 : shownBar(timeline, wanted);
  const activeRow = timeline.rows[activeBar] ?? -1;
  const { fold, foldAgents, unfoldAll } = folding;
  // The same object for each frame of a zoom, so that little is drawn anew.
  return useMemo(
    () => ({
      timeline,
      colours,
      colouring,
      setColouring,
      isPathOnly,
      setPathOnly,
      collapsed,
      fold,
      foldAgents,
      unfoldAll,
      matches,
      activeRow,
      setActive,
      selection,
      setSelection,
    }),
    [
      timeline,
      colours,
      colouring,
      isPathOnly,
      collapsed,
      fold,
      foldAgents,
      unfoldAll,
      matches,
      activeRow,
      selection,
    ],
  );
}
