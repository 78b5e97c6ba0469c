// SPDX-License-Identifier: Apache-2.0

import type { SpanNode, SpanTree } from './spanTree';

interface Failure {
  readonly row: number;
  readonly node: SpanNode;
  /** No span below it failed: what went wrong, went wrong here. */
  readonly isOrigin: boolean;
  /** All spans above it failed too: it is what the run failed of. */
  readonly isFatal: boolean;
}

function isFailed(node: SpanNode | undefined): boolean {
  return node?.span.status === 'failed';
}

function failuresOf(tree: SpanTree): readonly Failure[] {
  const hasFailedBelow = new Set<number>();
  const fatal: boolean[] = [];
  tree.nodes.forEach((node, row) => {
    const parent = tree.parents[row] ?? -1;
    fatal.push(isFailed(node) && (parent < 0 || fatal[parent] === true));
    if (!isFailed(node)) return;
    for (
      let above = parent;
      above >= 0 && !hasFailedBelow.has(above);
      above = tree.parents[above] ?? -1
    )
      hasFailedBelow.add(above);
  });
  return tree.nodes.flatMap((node, row) =>
    isFailed(node)
      ? [{ row, node, isOrigin: !hasFailedBelow.has(row), isFatal: fatal[row] === true }]
      : [],
  );
}

function rank(failure: Failure): number {
  if (failure.isOrigin) return failure.isFatal ? 0 : 1;
  return failure.isFatal ? 2 : 3;
}

function endOf({ span }: SpanNode): bigint {
  return span.endNs ?? span.startNs ?? 0n;
}

/** Of two origins of a failed run the later one is its end; of all others the earlier one comes first. */
function compare(left: Failure, right: Failure): number {
  const byRank = rank(left) - rank(right);
  if (byRank !== 0) return byRank;
  if (rank(left) === 0 && endOf(left.node) !== endOf(right.node))
    return endOf(left.node) > endOf(right.node) ? -1 : 1;
  // Spans that pass a failure on: from the one closest to its origin upwards.
  if (!left.isOrigin && left.node.depth !== right.node.depth)
    return right.node.depth - left.node.depth;
  return left.row - right.row;
}

/**
 * The failed spans from the cause on: first what the run failed of, then what it recovered from, then the
 * spans that only passed a failure on.
 */
export function errorsFromCause(tree: SpanTree): readonly string[] {
  return [...failuresOf(tree)].sort(compare).map(({ node }) => node.span.id);
}
