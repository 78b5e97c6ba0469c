// SPDX-License-Identifier: Apache-2.0

import { useCallback, useMemo } from 'react';
import { errorsFromCause } from '../../model/errorOrder';
import type { CallGroup } from '../../model/calls';
import type { TraceView } from '../../model/liveTrace';
import type { Span } from '../../model/span';
import { makeTimeScale } from '../../model/spanLayout';
import type { TimeScale } from '../../model/spanLayout';
import { spanMatches } from '../../model/spanTree';
import type { SpanNode } from '../../model/spanTree';
import { clampWindow, formatWindow, lengthOf, wholeWindow } from '../../model/timeWindow';
import type { TimeWindow } from '../../model/timeWindow';
import { useAddress } from '../../parts/useAddress';
import { parseRunSearch } from './url';
import type { CallSort, RunSearch } from './url';

/** What all views of a run share: what is selected, looked for and wrong, and how that is changed. */
export interface RunState {
  readonly view: TraceView;
  readonly search: RunSearch;
  /** The row of the selected span. */
  readonly selected: SpanNode | undefined;
  readonly selectedRow: number;
  /** Failed spans, the cause first. */
  readonly errors: readonly string[];
  /** Spans that are looked for, in the order of the tree; undefined while nothing is. */
  readonly matches: readonly string[] | undefined;
  /** From the first start to the last known time. */
  readonly scale: TimeScale;
  /** The part of the run that is looked at; undefined for all of it. */
  readonly range: TimeWindow | undefined;
  readonly select: (spanId: string | undefined) => void;
  readonly setFind: (find: string) => void;
  readonly setView: (view: RunSearch['view']) => void;
  readonly setRange: (window: TimeWindow | undefined) => void;
  readonly setCalls: (group: CallGroup) => void;
  readonly setSort: (sort: CallSort) => void;
}

/** Looks at each span once, however often the tree around it grows. */
function makeMatcher(find: string): (span: Span) => boolean {
  const known = new WeakMap<Span, boolean>();
  return (span) => {
    const before = known.get(span);
    if (before !== undefined) return before;
    const isMatch = spanMatches(span, find);
    known.set(span, isMatch);
    return isMatch;
  };
}

/** The range of the address as far as the run has it. */
function useRange(asked: TimeWindow | undefined, scale: TimeScale): TimeWindow | undefined {
  return useMemo(() => {
    if (asked === undefined || scale.seconds <= 0) return undefined;
    const whole = wholeWindow(scale);
    const range = clampWindow(asked, whole);
    return lengthOf(range) >= lengthOf(whole) ? undefined : range;
  }, [asked, scale]);
}

export function useRunState(view: TraceView): RunState {
  const address = useAddress();
  const { change } = address;
  const search = useMemo(() => parseRunSearch(address.search), [address.search]);
  const { tree } = view;
  const errors = useMemo(() => errorsFromCause(tree), [tree]);
  const { find } = search;
  const isMatch = useMemo(() => makeMatcher(find), [find]);
  const matches = useMemo(() => {
    if (find.trim() === '') return undefined;
    return tree.nodes.filter((node) => isMatch(node.span)).map((node) => node.span.id);
  }, [tree, find, isMatch]);
  const scale = useMemo(() => makeTimeScale(tree.nodes.map((node) => node.span)), [tree]);
  const range = useRange(search.range, scale);
  const row = search.span === undefined ? -1 : (tree.indexById.get(search.span) ?? -1);
  return {
    view,
    search,
    errors,
    matches,
    scale,
    range,
    selected: tree.nodes[row],
    selectedRow: row,
    select: useCallback((span) => change({ span }), [change]),
    setFind: useCallback((text) => change({ find: text === '' ? undefined : text }), [change]),
    setView: useCallback((chosen) => change({ view: chosen }), [change]),
    setRange: useCallback(
      (window) =>
        change({
          range: window === undefined ? undefined : formatWindow(window, wholeWindow(scale)),
        }),
      [change, scale],
    ),
    setCalls: useCallback(
      (group) => change({ calls: group === 'all' ? undefined : group }),
      [change],
    ),
    setSort: useCallback(
      ({ columnId, isDescending }) => change({ sort: `${isDescending ? '-' : ''}${columnId}` }),
      [change],
    ),
  };
}
