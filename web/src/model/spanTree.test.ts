// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Span } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';
import { keptRows, matchingRows, spanMatches, visibleRows } from './spanTree';

const at = (id: string, parentId: string | undefined, startNs: bigint): Span =>
  makeSpan(id, { parentId, startNs });

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
      inputPreview: 'What was asked',
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

  it.each<[string, readonly number[], string, readonly number[]]>([
    ['a leaf with what leads to it', [0, 1, 2, 3, 4], 'c', [0, 1, 2]],
    ['what leads to a row that is not given', [0, 1, 3, 4], 'c', [0, 1]],
    ['nothing', [0, 1, 2, 3, 4], 'x', []],
  ])('keptRows: %s', (_name, rows, id, expected) => {
    expect(keptRows(tree, rows, (span) => span.id === id)).toEqual(expected);
  });

  it.each([
    ['gpt-4', true],
    [' ZEITÜBER', true],
    ['claude', false],
    ['what was asked', true],
    ['e', true],
  ])('spanMatches looks into model, texts and error: %s', (words, expected) => {
    expect(tree.nodes.some((node) => spanMatches(node.span, words))).toBe(expected);
  });
});
