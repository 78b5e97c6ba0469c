// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { makeSpan } from '../../../model/spanBuilder';
import type { Span } from '../../../model/span';
import type { SpanNode } from '../../../model/spanTree';
import { cutText, labelOf } from './barLabels';

function node(changes: Partial<Span>, descendants = 0): SpanNode {
  const span = makeSpan('fetch', { durationSeconds: 1.5, ...changes });
  return { span, depth: 0, childCount: descendants, descendants, orphan: undefined };
}

const rollUp = {
  descendants: 12,
  errors: 2,
  modelCalls: 3,
  tokens: 12_345,
  cost: { kind: 'priced', usd: 0.25 },
} as const;

describe('labelOf', () => {
  it.each<[string, SpanNode, boolean, string]>([
    ['name and duration', node({}), false, 'fetch  1.50 s'],
    ['a failure', node({ status: 'failed' }), false, '✕ fetch  1.50 s'],
    ['not ended', node({ endNs: undefined }), false, 'fetch  …'],
    ['open with spans below', node({ rollUp }, 12), false, 'fetch  1.50 s'],
    [
      'collapsed',
      node({ rollUp }, 12),
      true,
      'fetch  +12 · Σ\u00a012.3k tokens · $0.250 · 2 errors',
    ],
    [
      'collapsed and failed itself',
      node({ rollUp, status: 'failed' }, 12),
      true,
      '✕ fetch  +12 · Σ\u00a012.3k tokens · $0.250 · 1 error',
    ],
    ['collapsed, sums not known yet', node({}, 3), true, 'fetch  +3'],
  ])('%s', (_name, at, isCollapsed, text) => {
    expect(labelOf(at, isCollapsed).replaceAll('\u202f', ' ')).toBe(text);
  });
});

describe('cutText', () => {
  it.each([
    ['fits', 'abcdefghij', 100, 100, 'abcdefghij'],
    ['half of it', 'abcdefghij', 100, 60, 'abcde…'],
    ['no space before the dots', 'abcd fghij', 100, 60, 'abcd…'],
    ['too little room', 'abcdefghij', 100, 35, ''],
  ])('%s', (_name, text, width, room, expected) => {
    expect(cutText(text, width, room)).toBe(expected);
  });
});
