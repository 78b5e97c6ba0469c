// SPDX-License-Identifier: Apache-2.0
// Spans as rows of a tree in pre-order. Whatever arrives is shown: a span without its parent becomes a
// root and says why, or waits below a row that stands for the parent; a cycle is cut at its earliest span.

import type { Span } from './span';

export interface SpanNode {
  readonly span: Span;
  readonly depth: number;
  readonly childCount: number;
  /** Rows below this one: the subtree is [index, index + descendants]. */
  readonly descendants: number;
  /** Why this row is a root although its span names a parent. */
  readonly orphan: string | undefined;
}

export interface SpanTree {
  readonly nodes: readonly SpanNode[];
  /** The row above each row in the tree; -1 for roots. */
  readonly parents: readonly number[];
  readonly indexById: ReadonlyMap<string, number>;
  readonly maxDepth: number;
  /** Rows that stand for a parent that has not come. */
  readonly awaited: number;
  /** Spans that have not ended, as far as is known. */
  readonly open: number;
}

/** Indexes of the rows on screen: nothing below a collapsed span. */
export function visibleRows(tree: SpanTree, collapsed: ReadonlySet<string>): readonly number[] {
  const rows: number[] = [];
  for (let index = 0; index < tree.nodes.length; index++) {
    const node = tree.nodes[index];
    if (node === undefined) break;
    rows.push(index);
    if (collapsed.has(node.span.id)) index += node.descendants;
  }
  return rows;
}

/** Indexes of the rows whose span matches, with all their ancestors. */
export function matchingRows(tree: SpanTree, matches: (span: Span) => boolean): readonly number[] {
  const keep = new Set<number>();
  tree.nodes.forEach((node, index) => {
    if (!matches(node.span)) return;
    for (let row = index; row >= 0 && !keep.has(row); row = tree.parents[row] ?? -1) keep.add(row);
  });
  return [...keep].sort((left, right) => left - right);
}

/** Of the given rows those that are kept, and those that have such a row below them. */
export function keptRows(
  tree: SpanTree,
  rows: readonly number[],
  isKept: (span: Span) => boolean,
): readonly number[] {
  const keep = new Uint8Array(tree.nodes.length);
  for (let row = tree.nodes.length - 1; row >= 0; row--) {
    const span = tree.nodes[row]?.span;
    if (span !== undefined && isKept(span)) keep[row] = 1;
    const parent = tree.parents[row] ?? -1;
    if (keep[row] === 1 && parent >= 0) keep[parent] = 1;
  }
  return rows.filter((row) => keep[row] === 1);
}

/** Whether the words occur in what a row shows or is known by: names, kind, model, texts, error, id. */
export function spanMatches(span: Span, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  const texts = [
    span.name,
    span.title,
    span.kind,
    span.model,
    span.agent,
    span.errorMessage,
    span.errorType,
    span.inputPreview,
    span.outputPreview,
  ];
  // Of an id only the whole is looked for: parts of ids occur everywhere.
  if (span.id === wanted) return true;
  return texts.some((text) => text !== undefined && text.toLowerCase().includes(wanted));
}
