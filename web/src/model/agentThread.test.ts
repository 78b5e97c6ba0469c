// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { agentAbove, callsBefore, countKinds, hasAgentLoop, pathTo } from './agentThread';
import type { Span } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';

const span = (id: string, parentId: string | undefined, at: number, changes: Partial<Span> = {}) =>
  makeSpan(id, { parentId, startNs: BigInt(at), ...changes });
const llm = { kind: 'llm', outputPreview: 'x' } as const;
const agent = { kind: 'agent' } as const;

const tree = buildSpanTree([
  span('main', undefined, 0, agent),
  span('one', 'main', 1, llm),
  span('step', 'main', 2),
  span('two', 'step', 3, llm),
  span('helper', 'step', 4, agent),
  span('inner', 'helper', 5, llm),
  span('three', 'main', 6, llm),
]);
const rowOf = (id: string): number => tree.indexById.get(id) ?? -1;
const ids = (rows: readonly number[]): readonly (string | undefined)[] =>
  rows.map((row) => tree.nodes[row]?.span.id);

describe('agents', () => {
  it('have what stands below them, up to the next agent', () => {
    expect(agentAbove(tree, rowOf('two'))).toBe(rowOf('main'));
    expect(agentAbove(tree, rowOf('inner'))).toBe(rowOf('helper'));
    expect(agentAbove(tree, rowOf('main'))).toBe(-1);
  });

  it('know which calls came before', () => {
    expect(ids(callsBefore(tree, rowOf('three')))).toEqual(['one', 'two']);
    expect(ids(callsBefore(tree, rowOf('one')))).toEqual([]);
    expect(ids(callsBefore(tree, rowOf('inner')))).toEqual([]);
  });

  it('are on the path to a span', () => {
    expect(ids(pathTo(tree, rowOf('inner')))).toEqual(['main', 'step', 'helper', 'inner']);
  });

  it('loop when they call models again and again', () => {
    expect(hasAgentLoop(tree)).toBe(true);
    const once = [span('a', undefined, 0, agent), span('b', 'a', 1, llm)];
    expect(hasAgentLoop(buildSpanTree(once))).toBe(false);
    const silent = { kind: 'llm' } as const;
    const mute = [...once, span('c', 'a', 2, silent), span('d', 'a', 3, silent)];
    expect(hasAgentLoop(buildSpanTree(mute))).toBe(false);
    const alone = [span('a', undefined, 0, llm), span('b', undefined, 1, llm)];
    expect(hasAgentLoop(buildSpanTree(alone))).toBe(false);
  });

  it('are counted with everything else', () => {
    expect(countKinds(tree).get('llm')).toBe(4);
    expect(countKinds(tree).get('agent')).toBe(2);
  });
});
