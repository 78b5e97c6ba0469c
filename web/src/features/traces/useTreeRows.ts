// SPDX-License-Identifier: Apache-2.0

import { useCallback, useMemo, useState } from 'react';
import type { Span } from '../../model/span';
import { matchingRows, spanMatches, visibleRows } from '../../model/spanTree';
import type { SpanTree } from '../../model/spanTree';

export interface TreeRows {
  /** Indexes into the tree, top to bottom. */
  readonly rows: readonly number[];
  readonly matches: ReadonlySet<string> | undefined;
  readonly isCollapsed: (spanId: string) => boolean;
  readonly setCollapsed: (spanId: string, isCollapsed: boolean) => void;
  readonly collapseAll: () => void;
  readonly expandAll: () => void;
}

const nothingCollapsed: ReadonlySet<string> = new Set();

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

/** Which rows are on screen: all but what is collapsed, or, while searching, matches and their ancestors. */
export function useTreeRows(tree: SpanTree, find: string): TreeRows {
  const [collapsed, setCollapsedSet] = useState(nothingCollapsed);
  const isMatch = useMemo(() => makeMatcher(find), [find]);
  const matches = useMemo(() => {
    if (find.trim() === '') return undefined;
    const nodes = tree.nodes.filter((node) => isMatch(node.span));
    return new Set(nodes.map((node) => node.span.id));
  }, [tree, find, isMatch]);
  const rows = useMemo(
    () =>
      matches === undefined
        ? visibleRows(tree, collapsed)
        : matchingRows(tree, (span) => matches.has(span.id)),
    [tree, collapsed, matches],
  );
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
  return {
    rows,
    matches,
    isCollapsed: (spanId) => matches === undefined && collapsed.has(spanId),
    setCollapsed,
    collapseAll,
    expandAll: useCallback(() => setCollapsedSet(nothingCollapsed), []),
  };
}
