// SPDX-License-Identifier: Apache-2.0
// From linked entries to rows in pre-order. Rows that say what they said before keep their object, so
// that nobody draws them anew.

import { cycleReason } from './spanCycles';
import { compareStart, isAwaited } from './spanEntry';
import type { Entry } from './spanEntry';
import { makeAwaitedSpan } from './span';
import type { SpanNode, SpanTree } from './spanTree';

const unknownParent = 'not in this trace';

interface Waiting {
  readonly entry: Entry;
  readonly depth: number;
  readonly parentRow: number;
}

function sorted(entry: Entry): readonly Entry[] {
  if (!entry.isSorted) {
    entry.children.sort(compareStart);
    entry.isSorted = true;
  }
  return entry.children;
}

/** The entries at the top: those below a parent that is not to come stand in its place. */
function topEntries(top: Entry): readonly Entry[] {
  return sorted(top).flatMap((entry) =>
    entry.span === undefined && !isAwaited(entry) ? sorted(entry) : [entry],
  );
}

/** Why a span without a row above it names a parent all the same. */
function orphanReason({ entry, parentRow }: Waiting, heads: ReadonlySet<string>) {
  if (parentRow >= 0 || entry.span?.parentId === undefined) return undefined;
  if (heads.has(entry.id)) return cycleReason;
  return entry.span.parentMissing ?? unknownParent;
}

function isSame(left: SpanNode, right: SpanNode): boolean {
  return (
    left.span === right.span &&
    left.depth === right.depth &&
    left.childCount === right.childCount &&
    left.descendants === right.descendants &&
    left.orphan === right.orphan
  );
}

/** Rows come after their parent, so one pass from the end is enough. */
function countDescendants(parents: readonly number[]): Int32Array {
  const counts = new Int32Array(parents.length);
  for (let row = parents.length - 1; row >= 0; row--) {
    const parent = parents[row] ?? -1;
    if (parent >= 0) counts[parent] = (counts[parent] ?? 0) + (counts[row] ?? 0) + 1;
  }
  return counts;
}

/** All entries from top to bottom, each behind its parent. */
function walk(top: Entry): { readonly order: readonly Waiting[]; readonly parents: number[] } {
  const order: Waiting[] = [];
  const parents: number[] = [];
  const waiting: Waiting[] = [];
  const pushAll = (entries: readonly Entry[], depth: number, parentRow: number): void => {
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      if (entry !== undefined) waiting.push({ entry, depth, parentRow });
    }
  };
  pushAll(topEntries(top), 0, -1);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const row = order.push(next) - 1;
    parents.push(next.parentRow);
    pushAll(sorted(next.entry), next.depth + 1, row);
  }
  return { order, parents };
}

export function flattenEntries(
  top: Entry,
  cycleHeads: ReadonlySet<string>,
  before: SpanTree | undefined,
): SpanTree {
  const { order, parents } = walk(top);
  const descendants = countDescendants(parents);
  const indexById = new Map<string, number>();
  let maxDepth = 0;
  let awaited = 0;
  let open = 0;
  const nodes = order.map((place, row): SpanNode => {
    const { entry, depth } = place;
    indexById.set(entry.id, row);
    maxDepth = Math.max(maxDepth, depth);
    if (entry.span === undefined) awaited++;
    else if (entry.span.endNs === undefined) open++;
    const known = before?.nodes[before.indexById.get(entry.id) ?? -1];
    const wasAwaited = entry.span === undefined && known?.span.knownFrom === 'children';
    const node: SpanNode = {
      span: entry.span ?? (wasAwaited ? known.span : makeAwaitedSpan(entry.id)),
      depth,
      childCount: entry.children.length,
      descendants: descendants[row] ?? 0,
      orphan: orphanReason(place, cycleHeads),
    };
    return known !== undefined && isSame(known, node) ? known : node;
  });
  return { nodes, parents, indexById, maxDepth, awaited, open };
}
