// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { profileTree, weightValue } from './profile';
import type { ProfileNode } from './profile';

const told = (node: ProfileNode): unknown => [node.name, node.value, ...node.children.map(told)];

describe('profileTree', () => {
  const stacks = [
    { frames: ['planner', 'chat'], weight: 3 },
    { frames: ['planner', 'search'], weight: 5 },
    { frames: ['planner'], weight: 1 },
    { frames: ['writer', 'chat'], weight: 20 },
  ];
  const sample = { runs: 1, hasMore: false, goingOn: 0 };
  const tree = profileTree({ total: 29, stacks, sample, unpricedCalls: 0 }, 'All');
  it('adds up what stands at the same place, the largest first', () => {
    expect(told(tree)).toEqual([
      'All',
      29,
      ['writer', 20, ['chat', 20]],
      ['planner', 9, ['search', 5], ['chat', 3]],
    ]);
  });
  it('tells boxes of one name apart', () => {
    const ids = tree.children.flatMap(({ children }) => children.map(({ id }) => id));
    expect(new Set(ids).size).toBe(3);
  });
  it('does not grow without end', () => {
    const deep = { frames: Array.from({ length: 500 }, (_, index) => `f${index}`), weight: 1 };
    const depth = (node: ProfileNode): number => 1 + Math.max(0, ...node.children.map(depth));
    expect(depth(profileTree({ total: 1, stacks: [deep], sample, unpricedCalls: 0 }, 'All'))).toBe(
      65,
    );
  });
});

describe('weightValue', () => {
  it.each([
    ['time', 2.5],
    ['cost', 0.0025],
    ['tokens', 2.5e9],
  ] as const)('%s', (kind, value) => expect(weightValue(2.5e9, kind)).toBe(value));
});
