// SPDX-License-Identifier: Apache-2.0
// Calls of a run: what it asked of models, of tools and of stores, as rows of a table.

import type { Span, SpanKind } from './span';
import type { SpanTree } from './spanTree';

const modelKinds: readonly SpanKind[] = ['llm', 'embedding', 'reranker'];
const toolKinds: readonly SpanKind[] = ['tool', 'retriever'];

export const callGroups = ['all', 'model', 'tool'] as const;
export type CallGroup = (typeof callGroups)[number];

export function isModelCall(span: Span): boolean {
  return modelKinds.includes(span.kind);
}

export function isCallOf(span: Span, group: CallGroup): boolean {
  if (span.knownFrom === 'children') return false;
  const isTool = toolKinds.includes(span.kind);
  if (group === 'model') return isModelCall(span);
  return group === 'tool' ? isTool : isTool || isModelCall(span);
}

/** In order of their start, those without one last. */
export function callsOf(tree: SpanTree, group: CallGroup): readonly Span[] {
  const calls = tree.nodes.map(({ span }) => span).filter((span) => isCallOf(span, group));
  return calls.sort(byStart);
}

function byStart(left: Span, right: Span): number {
  if (left.startNs === right.startNs) return 0;
  if (left.startNs === undefined) return 1;
  if (right.startNs === undefined) return -1;
  return left.startNs < right.startNs ? -1 : 1;
}

/** Smaller first; what is not known is smaller than all that is. */
export function compareKnown(left: number | undefined, right: number | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  return left - right;
}

/** What is known of a price; nothing where nobody knows one. */
export function knownUsd({ cost }: Span): number | undefined {
  return cost.kind === 'unpriced' || cost.kind === 'nothing' ? undefined : cost.usd;
}
