// SPDX-License-Identifier: Apache-2.0

import type { Span } from './span';
import { SpanForest } from './spanForest';
import type { SpanTree } from './spanTree';

/** A finished span with the given changes, for tests: `makeSpan('b', { parentId: 'a' })`. */
export function makeSpan(id: string, changes: Partial<Span> = {}): Span {
  return {
    id,
    name: id,
    title: id,
    kind: 'task',
    status: 'completed',
    startNs: 0n,
    endNs: 1_000_000_000n,
    durationSeconds: 1,
    parentId: undefined,
    parentMissing: undefined,
    agent: undefined,
    model: undefined,
    provider: undefined,
    usage: undefined,
    cost: { kind: 'nothing' },
    isCounted: true,
    errorMessage: undefined,
    errorType: undefined,
    inputPreview: undefined,
    outputPreview: undefined,
    rollUp: undefined,
    selfSeconds: undefined,
    criticalSeconds: undefined,
    knownFrom: 'read',
    ...changes,
  };
}

/** The rows of spans that are all there, for tests. */
export function buildSpanTree(spans: readonly Span[]): SpanTree {
  const forest = new SpanForest();
  for (const span of spans) forest.put(span);
  return forest.tree();
}
