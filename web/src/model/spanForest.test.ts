// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { awaitedReason } from './span';
import type { Span } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';
import { cycleReason } from './spanCycles';
import { SpanForest } from './spanForest';
import type { SpanTree } from './spanTree';

/** Rows as text: two dots for each level, then the id, then why it is an orphan. */
function draw(tree: SpanTree): readonly string[] {
  return tree.nodes.map(
    (node) =>
      '..'.repeat(node.depth) +
      node.span.id +
      (node.span.knownFrom === 'children' ? '?' : '') +
      (node.orphan === undefined ? '' : ` (${node.orphan})`),
  );
}

const at = (id: string, parentId: string | undefined, startNs: bigint): Span =>
  makeSpan(id, { parentId, startNs });

/** A span whose parent is said to be on its way. */
const awaiting = (id: string, parentId: string, startNs: bigint): Span =>
  makeSpan(id, { parentId, startNs, parentMissing: awaitedReason });

const running = (id: string, parentId: string | undefined, startNs: bigint): Span =>
  makeSpan(id, { parentId, startNs, endNs: undefined, status: 'running' });

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
      'orphans of one parent stay together',
      [at('a', 'gone', 1n), at('b', 'lost', 2n), at('c', 'gone', 3n)],
      ['a (not in this trace)', 'c (not in this trace)', 'b (not in this trace)'],
    ],
    [
      'a parent that is still to come has a row of its own',
      [at('a', undefined, 3n), awaiting('b', 'late', 4n), awaiting('c', 'late', 2n)],
      ['late?', '..c', '..b', 'a'],
    ],
    [
      'a span without a start comes last',
      [makeSpan('x', { startNs: undefined }), at('a', undefined, 5n)],
      ['a', 'x'],
    ],
  ])('%s', (_name, spans, expected) => {
    expect(draw(buildSpanTree(spans))).toEqual(expected);
  });

  it('counts descendants and children', () => {
    const tree = buildSpanTree([
      at('a', undefined, 1n),
      at('b', 'a', 2n),
      at('c', 'b', 3n),
      at('d', 'a', 4n),
    ]);
    expect(tree.parents).toEqual([-1, 0, 1, 0]);
    expect(tree.nodes.map((node) => [node.childCount, node.descendants])).toEqual([
      [2, 3],
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
    expect(tree.maxDepth).toBe(2);
    expect(tree.indexById.get('d')).toBe(3);
  });
});

/** Draws after every arrival. */
function watch(arrivals: readonly (readonly Span[])[]): readonly (readonly string[])[] {
  const forest = new SpanForest();
  return arrivals.map((spans) => {
    for (const span of spans) forest.put(span);
    return draw(forest.tree());
  });
}

describe('SpanForest', () => {
  it.each<[string, readonly (readonly Span[])[], readonly (readonly string[])[]]>([
    [
      'children move below their parent when it comes, and with it when its own comes',
      [
        [awaiting('c', 'b', 3n), awaiting('d', 'b', 4n)],
        [awaiting('b', 'a', 2n)],
        [at('a', undefined, 1n)],
      ],
      [
        ['b?', '..c', '..d'],
        ['a?', '..b', '....c', '....d'],
        ['a', '..b', '....c', '....d'],
      ],
    ],
    [
      'a span that is announced first keeps its place when it ends',
      [
        [running('a', undefined, 1n), running('b', 'a', 2n)],
        [at('c', 'a', 3n)],
        [at('b', 'a', 2n)],
      ],
      [
        ['a', '..b'],
        ['a', '..b', '..c'],
        ['a', '..b', '..c'],
      ],
    ],
    [
      'a span that turns out to start elsewhere, below another parent, moves',
      [
        [at('a', undefined, 1n), at('x', 'a', 2n), at('y', 'a', 3n), running('z', 'x', 4n)],
        [at('z', 'a', 1n)],
        [makeSpan('z', { parentId: 'y', startNs: 1n, endNs: 9_000_000_000n })],
      ],
      [
        ['a', '..x', '....z', '..y'],
        ['a', '..z', '..x', '..y'],
        ['a', '..x', '..y', '....z'],
      ],
    ],
    [
      'the place kept for a parent goes when nobody waits for it any more',
      [
        [makeSpan('b', { ...awaiting('b', 'late', 1n), endNs: undefined })],
        [at('b', undefined, 1n)],
      ],
      [['late?', '..b'], ['b']],
    ],
    [
      'a parent that nobody waited for is taken in all the same',
      [
        [makeSpan('b', { parentId: 'a', parentMissing: 'never_exported' })],
        [at('a', undefined, 0n)],
      ],
      [['b (never_exported)'], ['a', '..b']],
    ],
    [
      'the reason for an orphan may change',
      [
        [makeSpan('b', { ...running('b', 'a', 1n), parentMissing: 'never' })],
        [awaiting('b', 'a', 1n)],
      ],
      [['b (never)'], ['a?', '..b']],
    ],
    [
      'a cycle closes and opens again',
      [
        [running('a', 'b', 1n), at('b', 'a', 2n), at('c', 'b', 3n)],
        [at('d', 'c', 4n)],
        [at('a', undefined, 1n)],
      ],
      [
        [`a (${cycleReason})`, '..b', '....c'],
        [`a (${cycleReason})`, '..b', '....c', '......d'],
        ['a', '..b', '....c', '......d'],
      ],
    ],
  ])('%s', (_name, arrivals, expected) => {
    expect(watch(arrivals)).toEqual(expected);
  });

  it.each<[string, Partial<Span>, Partial<Span>, string]>([
    ['a finished span beats a running one', { endNs: undefined }, { endNs: 5n }, 'second'],
    ['a running one does not beat a finished one', { endNs: 5n }, { endNs: undefined }, 'first'],
    ['the later end wins', { endNs: 5n }, { endNs: 6n }, 'second'],
    ['of equals the first stays', { endNs: 5n }, { endNs: 5n }, 'first'],
    ['of two running ones the first stays', { endNs: undefined }, { endNs: undefined }, 'first'],
  ])('of spans with one id: %s', (_name, first, second, kept) => {
    const forest = new SpanForest();
    expect(forest.put(makeSpan('a', { name: 'first', ...first }))).toBe(true);
    expect(forest.put(makeSpan('a', { name: 'second', ...second }))).toBe(kept === 'second');
    expect(forest.tree().nodes.map((node) => node.span.name)).toEqual([kept]);
  });

  it('counts the spans that have not ended', () => {
    const forest = new SpanForest();
    forest.put(running('a', undefined, 1n));
    forest.put(running('b', 'a', 2n));
    forest.put(awaiting('c', 'gone', 3n));
    expect(forest.tree()).toMatchObject({ open: 2, awaited: 1 });
    forest.put(at('b', 'a', 2n));
    expect(forest.tree()).toMatchObject({ open: 1, awaited: 1 });
    forest.put(running('d', 'a', 4n));
    expect(forest.tree()).toMatchObject({ open: 2, awaited: 1 });
  });

  it('keeps the objects of rows that say what they said', () => {
    const forest = new SpanForest();
    for (const span of [at('a', undefined, 0n), at('b', 'a', 1n), running('d', 'a', 4n)])
      forest.put(span);
    const before = forest.tree();
    expect(forest.tree()).toBe(before);
    forest.put(at('c', 'a', 2n));
    const grown = forest.tree();
    expect(grown.nodes.map((node) => before.nodes.includes(node))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    forest.put(at('d', 'a', 4n));
    const ended = forest.tree();
    expect(ended.nodes.map((node) => grown.nodes.includes(node))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(ended.indexById).toBe(grown.indexById);
  });
});
