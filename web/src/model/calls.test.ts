// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { callsOf, compareKnown, isCallOf, knownUsd } from './calls';
import { spanKinds } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';

describe('isCallOf', () => {
  it.each([
    ['all', 'llm tool retriever embedding reranker'],
    ['model', 'llm embedding reranker'],
    ['tool', 'tool retriever'],
  ] as const)('%s: %s', (group, expected) => {
    const kinds = spanKinds.filter((kind) => isCallOf(makeSpan('a', { kind }), group));
    expect(kinds.join(' ')).toBe(expected);
  });

  it('a span that has not come is none', () => {
    expect(isCallOf(makeSpan('a', { kind: 'llm', knownFrom: 'children' }), 'all')).toBe(false);
  });
});

describe('callsOf', () => {
  it('is ordered by start, whatever the tree is', () => {
    const tree = buildSpanTree([
      makeSpan('agent', { kind: 'agent', startNs: 0n }),
      makeSpan('late', { kind: 'llm', parentId: 'agent', startNs: 5n }),
      makeSpan('inner', { kind: 'tool', parentId: 'late', startNs: 9n }),
      makeSpan('early', { kind: 'tool', parentId: 'agent', startNs: 6n }),
      makeSpan('nowhere', { kind: 'tool', parentId: 'agent', startNs: undefined }),
      makeSpan('other', { kind: 'agent', startNs: 1n }),
      makeSpan('first', { kind: 'llm', parentId: 'other', startNs: 2n }),
    ]);
    const ids = (group: 'all' | 'model') => callsOf(tree, group).map(({ id }) => id);
    expect(ids('all')).toEqual(['first', 'late', 'early', 'inner', 'nowhere']);
    expect(ids('model')).toEqual(['first', 'late']);
  });
});

describe('compareKnown', () => {
  it.each([
    [1, 2, -1],
    [2, 1, 1],
    [2, 2, 0],
    [undefined, 0, -1],
    [0, undefined, 1],
    [undefined, undefined, 0],
  ])('%s and %s', (left, right, sign) => {
    expect(Math.sign(compareKnown(left, right))).toBe(sign);
  });
});

describe('knownUsd', () => {
  it.each([
    [{ kind: 'priced', usd: 2 }, 2],
    [{ kind: 'partial', usd: 1 }, 1],
    [{ kind: 'unpriced' }, undefined],
    [{ kind: 'nothing' }, undefined],
  ] as const)('%o', (cost, usd) => expect(knownUsd(makeSpan('a', { cost }))).toBe(usd));
});
