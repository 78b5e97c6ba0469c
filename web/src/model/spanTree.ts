// SPDX-License-Identifier: Apache-2.0
// Spans as rows of a tree in pre-order. Whatever arrives is shown: a span without its parent becomes a
// root and says why, a cycle is cut at its earliest span, of two spans with one id the more complete wins.
// Iterative throughout, since a chain of 50,000 spans is legal.

import type { Span } from './span';

export interface SpanNode {
  readonly span: Span;
  readonly depth: number;
  /** Index of the parent row; -1 for roots. */
  readonly parentIndex: number;
  readonly childCount: number;
  /** Rows below this one: the subtree is [index, index + descendants]. */
  readonly descendants: number;
  /** Why this row is a root although its span names a parent. */
  readonly orphan: string | undefined;
}

export interface SpanTree {
  readonly nodes: readonly SpanNode[];
  readonly indexById: ReadonlyMap<string, number>;
  /** Spans left out because another with the same id was more complete. */
  readonly duplicates: number;
  readonly maxDepth: number;
}

/** The reason given to a span whose ancestors lead back to itself. */
export const cycleReason = 'part of a cycle of parents';
const unknownParent = 'not in this trace';

function isMoreComplete(candidate: Span, current: Span): boolean {
  if ((candidate.endNs === undefined) !== (current.endNs === undefined))
    return candidate.endNs !== undefined;
  return candidate.status !== 'running' && current.status === 'running';
}

function dropDuplicates(spans: readonly Span[]): ReadonlyMap<string, Span> {
  const byId = new Map<string, Span>();
  for (const span of spans) {
    const current = byId.get(span.id);
    if (current === undefined || isMoreComplete(span, current)) byId.set(span.id, span);
  }
  return byId;
}

/** Earlier first; spans that have no start come last; ties keep their order. */
function compareStart(left: Span, right: Span): number {
  if (left.startNs === right.startNs) return 0;
  if (left.startNs === undefined) return 1;
  if (right.startNs === undefined) return -1;
  return left.startNs < right.startNs ? -1 : 1;
}

/** The earliest span of every cycle of parents. */
function findCycleHeads(byId: ReadonlyMap<string, Span>): ReadonlySet<string> {
  const heads = new Set<string>();
  const done = new Set<string>();
  for (const start of byId.values()) {
    const path: Span[] = [];
    const onPath = new Set<string>();
    let span: Span | undefined = start;
    while (span !== undefined && !done.has(span.id) && !onPath.has(span.id)) {
      path.push(span);
      onPath.add(span.id);
      span = span.parentId === undefined ? undefined : byId.get(span.parentId);
    }
    if (span !== undefined && onPath.has(span.id)) {
      const cycle = path.slice(path.indexOf(span));
      const [head] = cycle.sort(compareStart);
      if (head !== undefined) heads.add(head.id);
    }
    for (const passed of path) done.add(passed.id);
  }
  return heads;
}

interface Families {
  readonly roots: readonly Span[];
  readonly children: ReadonlyMap<string, readonly Span[]>;
  readonly orphans: ReadonlyMap<string, string>;
}

function groupByParent(byId: ReadonlyMap<string, Span>): Families {
  const cycleHeads = findCycleHeads(byId);
  const roots: Span[] = [];
  const children = new Map<string, Span[]>();
  const orphans = new Map<string, string>();
  for (const span of byId.values()) {
    const inCycle = cycleHeads.has(span.id);
    if (span.parentId !== undefined && byId.has(span.parentId) && !inCycle) {
      const siblings = children.get(span.parentId);
      if (siblings === undefined) children.set(span.parentId, [span]);
      else siblings.push(span);
      continue;
    }
    roots.push(span);
    if (inCycle) orphans.set(span.id, cycleReason);
    else if (span.parentId !== undefined) orphans.set(span.id, span.parentMissing ?? unknownParent);
  }
  for (const siblings of children.values()) siblings.sort(compareStart);
  return { roots: roots.sort(compareStart), children, orphans };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function buildSpanTree(spans: readonly Span[]): SpanTree {
  const byId = dropDuplicates(spans);
  const { roots, children, orphans } = groupByParent(byId);
  const nodes: Mutable<SpanNode>[] = [];
  const indexById = new Map<string, number>();
  let maxDepth = 0;
  const waiting = roots.map((span) => ({ span, depth: 0, parentIndex: -1 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const below = children.get(next.span.id) ?? [];
    const index = nodes.length;
    nodes.push({
      ...next,
      childCount: below.length,
      descendants: 0,
      orphan: orphans.get(next.span.id),
    });
    indexById.set(next.span.id, index);
    maxDepth = Math.max(maxDepth, next.depth);
    for (let i = below.length - 1; i >= 0; i--) {
      const span = below[i];
      if (span !== undefined) waiting.push({ span, depth: next.depth + 1, parentIndex: index });
    }
  }
  countDescendants(nodes);
  return { nodes, indexById, duplicates: spans.length - nodes.length, maxDepth };
}

/** Rows come after their parent, so one pass from the end is enough. */
function countDescendants(nodes: readonly Mutable<SpanNode>[]): void {
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    const parent = node === undefined ? undefined : nodes[node.parentIndex];
    if (node !== undefined && parent !== undefined) parent.descendants += node.descendants + 1;
  }
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
    for (let row = index; row >= 0 && !keep.has(row); row = tree.nodes[row]?.parentIndex ?? -1)
      keep.add(row);
  });
  return [...keep].sort((left, right) => left - right);
}

/** Whether the words occur in what a row shows: name, kind, model, agent, tool error. */
export function spanMatches(span: Span, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  return [
    span.name,
    span.kind,
    span.model,
    span.agent,
    span.errorMessage,
    span.errorType,
    span.id,
  ].some((text) => text !== undefined && text.toLowerCase().includes(wanted));
}
