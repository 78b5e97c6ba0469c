// SPDX-License-Identifier: Apache-2.0
// Which spans belong to which agent, by the tree.

import type { SpanKind } from './span';
import type { SpanTree } from './spanTree';

/** The row of the agent that a row belongs to, itself not counted; -1 where there is none above it. */
export function agentAbove(tree: SpanTree, row: number): number {
  let above = tree.parents[row] ?? -1;
  while (above >= 0 && tree.nodes[above]?.span.kind !== 'agent') above = tree.parents[above] ?? -1;
  return above;
}

/** From the top down to the row, itself included. */
export function pathTo(tree: SpanTree, row: number): readonly number[] {
  const path: number[] = [];
  for (let at = row; at >= 0; at = tree.parents[at] ?? -1) path.push(at);
  return path.reverse();
}

/** The model calls of the same agent that began before the given one, in order of time. */
export function callsBefore(tree: SpanTree, row: number): readonly number[] {
  const agent = agentAbove(tree, row);
  const from = agent < 0 ? 0 : agent + 1;
  const to = agent < 0 ? tree.nodes.length : agent + (tree.nodes[agent]?.descendants ?? 0) + 1;
  const own = tree.nodes[row]?.span.startNs;
  const calls: number[] = [];
  for (let at = from; at < to; at++) {
    const node = tree.nodes[at];
    if (node === undefined) break;
    const { kind, startNs } = node.span;
    // What an agent below does is its own affair.
    if (kind === 'agent' && at !== agent) {
      at += node.descendants;
      continue;
    }
    if (kind !== 'llm' || at === row || startNs === undefined || own === undefined) continue;
    if (startNs < own || (startNs === own && at < row)) calls.push(at);
  }
  const start = (at: number): bigint => tree.nodes[at]?.span.startNs ?? 0n;
  return calls.sort((left, right) =>
    start(left) === start(right) ? left - right : start(left) < start(right) ? -1 : 1,
  );
}

/** How many spans of each kind there are. */
export function countKinds(tree: SpanTree): ReadonlyMap<SpanKind, number> {
  const counts = new Map<SpanKind, number>();
  for (const { span } of tree.nodes) {
    if (span.knownFrom !== 'children') counts.set(span.kind, (counts.get(span.kind) ?? 0) + 1);
  }
  return counts;
}

/** Whether some agent made several model calls with messages: then its transcript says the most. */
export function hasAgentLoop(tree: SpanTree): boolean {
  const calls = new Map<number, number>();
  for (let row = 0; row < tree.nodes.length; row++) {
    const span = tree.nodes[row]?.span;
    if (span?.kind !== 'llm') continue;
    if (span.inputPreview === undefined && span.outputPreview === undefined) continue;
    const agent = agentAbove(tree, row);
    if (agent < 0) continue;
    const count = (calls.get(agent) ?? 0) + 1;
    if (count >= 2) return true;
    calls.set(agent, count);
  }
  return false;
}
