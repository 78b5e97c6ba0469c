// SPDX-License-Identifier: Apache-2.0

import { useCallback, useMemo, useState } from 'react';
import { keptRows, matchingRows, visibleRows } from '../../model/spanTree';
import type { SpanTree } from '../../model/spanTree';
import type { Span } from '../../model/span';

export interface TreeRows {
  /** Indexes into the tree, top to bottom. */
  readonly rows: readonly number[];
  /** Where an index of the tree is among the rows; -1 for what is not on screen. */
  readonly placeOf: (index: number) => number;
  readonly matches: ReadonlySet<string> | undefined;
  readonly isCollapsed: (spanId: string) => boolean;
  readonly setCollapsed: (spanId: string, isCollapsed: boolean) => void;
  readonly collapseAll: () => void;
  readonly expandAll: () => void;
  /** Opens what a span is hidden in. */
  readonly reveal: (spanId: string) => void;
}

const nothingCollapsed: ReadonlySet<string> = new Set();

/**
 * Which rows are on screen: all but what is collapsed, or, while searching, matches and their ancestors; of
 * those the ones that are in range, and what leads to them.
 */
export function useTreeRows(
  tree: SpanTree,
  found: readonly string[] | undefined,
  isInRange: ((span: Span) => boolean) | undefined,
): TreeRows {
  const [collapsed, setCollapsedSet] = useState(nothingCollapsed);
  const matches = useMemo(() => (found === undefined ? undefined : new Set(found)), [found]);
  const rows = useMemo(() => {
    const shown =
      matches === undefined
        ? visibleRows(tree, collapsed)
        : matchingRows(tree, (span) => matches.has(span.id));
    return isInRange === undefined ? shown : keptRows(tree, shown, isInRange);
  }, [tree, collapsed, matches, isInRange]);
  const places = useMemo(() => {
    const inverse = new Int32Array(tree.nodes.length).fill(-1);
    rows.forEach((index, place) => {
      inverse[index] = place;
    });
    return inverse;
  }, [tree, rows]);
  const setCollapsed = useCallback((spanId: string, isCollapsed: boolean) => {
    setCollapsedSet((before) => {
      const after = new Set(before);
      if (isCollapsed) after.add(spanId);
      else after.delete(spanId);
      return after;
    });
  }, []);
  const collapseAll = useCallback(() => {
    const inner = tree.nodes.filter((node) => node.childCount > 0 && node.depth > 0);
    setCollapsedSet(new Set(inner.map((node) => node.span.id)));
  }, [tree]);
  const reveal = useCallback(
    (spanId: string) => {
      const hiding: string[] = [];
      let row = tree.parents[tree.indexById.get(spanId) ?? -1] ?? -1;
      for (; row >= 0; row = tree.parents[row] ?? -1) {
        const id = tree.nodes[row]?.span.id;
        if (id !== undefined) hiding.push(id);
      }
      setCollapsedSet((before) => {
        if (!hiding.some((id) => before.has(id))) return before;
        const after = new Set(before);
        for (const id of hiding) after.delete(id);
        return after;
      });
    },
    [tree],
  );
  return {
    rows,
    placeOf: useCallback((index) => places[index] ?? -1, [places]),
    matches,
    isCollapsed: (spanId) => matches === undefined && collapsed.has(spanId),
    setCollapsed,
    collapseAll,
    expandAll: useCallback(() => setCollapsedSet(nothingCollapsed), []),
    reveal,
  };
}
