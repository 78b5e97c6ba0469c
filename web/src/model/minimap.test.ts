// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { layoutMinimap, nearestCall, paintMinimap } from './minimap';
import type { Span } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';
import { makeTimeScale } from './spanLayout';

const second = 1_000_000_000n;

function ran(id: string, parentId: string | undefined, from: number, to: number, more = {}): Span {
  return makeSpan(id, {
    parentId,
    startNs: BigInt(from) * second,
    endNs: BigInt(to) * second,
    kind: 'tool',
    ...more,
  });
}

function map(spans: readonly Span[]) {
  const tree = buildSpanTree(spans);
  const scale = makeTimeScale(tree.nodes.map(({ span }) => span));
  return { tree, scale, minimap: layoutMinimap(tree, scale) };
}

const agent = { kind: 'agent' };
const team = [
  ran('lead', undefined, 0, 100, agent),
  ran('plan', 'lead', 0, 10, { kind: 'llm' }),
  ran('one', 'lead', 10, 50, agent),
  ran('one reads', 'one', 12, 20),
  ran('two', 'lead', 20, 60, agent),
  ran('two reads', 'two', 30, 40, { status: 'failed' }),
  ran('three', 'lead', 70, 90, agent),
  ran('three reads', 'three', 75, 80),
];

describe('layoutMinimap', () => {
  it('gives agents at work at the same time lanes of their own', () => {
    const { minimap, tree } = map(team);
    const lanes = minimap.agents.map(
      ({ row, lane }) => `${tree.nodes[row]?.span.id ?? ''} ${lane}`,
    );
    expect(lanes).toEqual(['lead 0', 'one 1', 'two 2', 'three 1']);
    const calls = minimap.calls.map(({ row, lane }) => `${tree.nodes[row]?.span.id ?? ''} ${lane}`);
    expect(calls).toEqual(['plan 0', 'one reads 1', 'two reads 2', 'three reads 1']);
    expect(minimap.laneCount).toBe(3);
  });

  it('has a lane where there is no agent', () => {
    const { minimap } = map([ran('a', undefined, 0, 10), ran('b', 'a', 2, 3)]);
    expect(minimap.laneCount).toBe(1);
    expect(minimap.calls).toHaveLength(2);
  });

  it('draws many agents in few lanes', () => {
    const many = Array.from({ length: 40 }, (_, i) => [
      ran(`agent ${i}`, 'lead', i, 90, agent),
      ran(`call ${i}`, `agent ${i}`, i + 1, i + 2),
    ]).flat();
    const { minimap } = map([ran('lead', undefined, 0, 100, agent), ...many]);
    expect(minimap.laneCount).toBe(8);
    expect(minimap.calls).toHaveLength(40);
  });
});

describe('paintMinimap', () => {
  const paint = (spans: readonly Span[], width: number): readonly string[] => {
    const { minimap, tree, scale } = map(spans);
    return paintMinimap(minimap, tree, scale.seconds, width).map(
      ({ lane, left, right, kind, isFailed }) =>
        `${lane} ${left}-${right} ${isFailed ? 'failed' : kind}`,
    );
  };
  it.each<[string, readonly Span[], number, readonly string[]]>([
    ['a team', team, 100, ['0 0-10 llm', '1 12-20 tool', '1 75-80 tool', '2 30-40 failed']],
    ['on few pixels', team, 10, ['0 0-1 llm', '1 1-2 tool', '1 7-8 tool', '2 3-4 failed']],
    ['on none', team, 0, []],
    ['a run without length', [ran('a', undefined, 5, 5)], 100, []],
    [
      'a failure is not painted over',
      [
        ran('a', undefined, 0, 100, agent),
        ran('b', 'a', 10, 12, { status: 'failed' }),
        ran('c', 'a', 10, 20),
      ],
      100,
      ['0 10-12 failed', '0 12-20 tool'],
    ],
  ])('%s', (_name, spans, width, expected) => expect(paint(spans, width)).toEqual(expected));

  it('makes no more rectangles than there are pixels', () => {
    const calls = Array.from({ length: 20_000 }, (_, i) =>
      ran(`c${i}`, 'a', i, i + 1, { kind: i % 2 === 0 ? 'tool' : 'llm' }),
    );
    expect(paint([ran('a', undefined, 0, 20_000, agent), ...calls], 300).length).toBeLessThan(301);
  });
});

describe('nearestCall', () => {
  const { minimap, tree } = map(team);
  it.each([
    [0, 5, 'plan'],
    [0, 95, 'plan'],
    [1, 40, 'one reads'],
    [1, 60, 'three reads'],
    [7, 31, 'two reads'],
  ])('lane %s at %s s: %s', (lane, seconds, id) => {
    expect(tree.nodes[nearestCall(minimap, lane, seconds) ?? -1]?.span.id).toBe(id);
  });

  it('knows none where there is none', () => {
    expect(nearestCall(map([]).minimap, 0, 1)).toBeUndefined();
  });
});
