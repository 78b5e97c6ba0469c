// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Span } from './span';
import { makeSpan } from './spanBuilder';
import { buildSpanTree, cycleReason, matchingRows, spanMatches, visibleRows } from './spanTree';

/** Rows as text: two dots for each level, then the id, then why it is an orphan. */
function draw(spans: readonly Span[]): readonly string[] {
  return buildSpanTree(spans).nodes.map(
    (node) =>
      '..'.repeat(node.depth) +
      node.span.id +
      (node.orphan === undefined ? '' : ` (${node.orphan})`),
  );
}

const at = (id: string, parentId: string | undefined, startNs: bigint): Span =>
  makeSpan(id, { parentId, startNs });

describe('buildSpanTree', () => {
  it.each<[string, readonly Span[], readonly string[]]>([
    ['nothing', [], []],
    [
      'children in order of start, whatever the order of arrival',
      [at('c', 'a', 3n), at('b', 'a', 2n), at('a', undefined, 1n), at('d', 'b', 4n)],
      ['a', '..b', '....d', '..c'],
    ],
    [
      'same start keeps the order of arrival',
      [at('a', undefined, 0n), at('y', 'a', 1n), at('x', 'a', 1n)],
      ['a', '..y', '..x'],
    ],
    [
      'an orphan is a root and says why',
      [at('a', undefined, 1n), at('b', 'gone', 2n)],
      ['a', 'b (not in this trace)'],
    ],
    [
      'the reason of the server wins',
      [makeSpan('b', { parentId: 'gone', parentMissing: 'never_exported' })],
      ['b (never_exported)'],
    ],
    ['a span that is its own parent', [at('a', 'a', 1n)], [`a (${cycleReason})`]],
    [
      'a cycle is cut at its earliest span',
      [at('c', 'b', 3n), at('a', 'c', 1n), at('b', 'a', 2n)],
      [`a (${cycleReason})`, '..b', '....c'],
    ],
    [
      'a branch hanging on a cycle survives',
      [at('a', 'b', 1n), at('b', 'a', 2n), at('leaf', 'b', 3n)],
      [`a (${cycleReason})`, '..b', '....leaf'],
    ],
    [
      'two cycles',
      [at('a', 'b', 1n), at('b', 'a', 2n), at('c', 'd', 3n), at('d', 'c', 4n)],
      [`a (${cycleReason})`, '..b', `c (${cycleReason})`, '..d'],
    ],
    [
      'a span without a start comes last',
      [makeSpan('x', { startNs: undefined }), at('a', undefined, 5n)],
      ['a', 'x'],
    ],
  ])('%s', (_name, spans, expected) => {
    expect(draw(spans)).toEqual(expected);
  });

  it('of two spans with one id keeps the finished one, whichever comes first', () => {
    const pending = makeSpan('a', { name: 'pending', endNs: undefined, status: 'running' });
    const finished = makeSpan('a', { name: 'finished' });
    for (const spans of [
      [pending, finished],
      [finished, pending],
    ]) {
      const tree = buildSpanTree(spans);
      expect(tree.nodes.map((node) => node.span.name)).toEqual(['finished']);
      expect(tree.duplicates).toBe(1);
    }
  });

  it('counts descendants and children', () => {
    const tree = buildSpanTree([
      at('a', undefined, 1n),
      at('b', 'a', 2n),
      at('c', 'b', 3n),
      at('d', 'a', 4n),
    ]);
    expect(tree.nodes.map((node) => [node.childCount, node.descendants])).toEqual([
      [2, 3],
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
    expect(tree.maxDepth).toBe(2);
    expect(tree.indexById.get('d')).toBe(3);
  });

  it('survives a chain and a fan of 50,000 spans', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) =>
      at(`s${i}`, i === 0 ? undefined : `s${i - 1}`, BigInt(i)),
    );
    expect(buildSpanTree(chain).maxDepth).toBe(49_999);
    const fan = Array.from({ length: 50_000 }, (_, i) =>
      at(`s${i}`, i === 0 ? undefined : 's0', BigInt(i)),
    );
    expect(buildSpanTree(fan).nodes[0]?.descendants).toBe(49_999);
    const ring = Array.from({ length: 50_000 }, (_, i) =>
      at(`s${i}`, `s${(i + 49_999) % 50_000}`, BigInt(i)),
    );
    expect(buildSpanTree(ring).nodes[0]?.orphan).toBe(cycleReason);
  });
});

describe('rows on screen', () => {
  const tree = buildSpanTree([
    at('a', undefined, 1n),
    at('b', 'a', 2n),
    at('c', 'b', 3n),
    at('d', 'a', 4n),
    makeSpan('e', {
      parentId: 'd',
      startNs: 5n,
      model: 'GPT-4.1',
      errorMessage: 'Zeitüberschreitung',
    }),
  ]);

  it.each([
    ['all open', [], [0, 1, 2, 3, 4]],
    ['a branch closed', ['b'], [0, 1, 3, 4]],
    ['the root closed', ['a'], [0]],
    ['a leaf closed changes nothing', ['c'], [0, 1, 2, 3, 4]],
  ])('visibleRows: %s', (_name, collapsed, expected) => {
    expect(visibleRows(tree, new Set(collapsed))).toEqual(expected);
  });

  it('matchingRows keeps the ancestors of a match', () => {
    expect(matchingRows(tree, (span) => span.id === 'e')).toEqual([0, 3, 4]);
    expect(matchingRows(tree, () => false)).toEqual([]);
  });

  it.each([
    ['gpt-4', true],
    [' ZEITÜBER', true],
    ['claude', false],
  ])('spanMatches looks into model and error: %s', (words, expected) => {
    expect(tree.nodes.some((node) => spanMatches(node.span, words))).toBe(expected);
  });
});
