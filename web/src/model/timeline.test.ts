// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Span } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';
import { makeTimeScale } from './spanLayout';
import { layoutTimeline, shownBar } from './timeline';
import type { Timeline } from './timeline';

const second = 1_000_000_000n;
const base = 1_767_323_045n * second;

function ran(id: string, parentId: string | undefined, from: number, to?: number): Span {
  return makeSpan(id, {
    parentId,
    startNs: base + BigInt(Math.round(from * 1e9)),
    endNs: to === undefined ? undefined : base + BigInt(Math.round(to * 1e9)),
  });
}

function layOut(spans: readonly Span[], collapsed: readonly string[] = []): Timeline {
  const tree = buildSpanTree(spans);
  return layoutTimeline(
    tree,
    makeTimeScale(tree.nodes.map(({ span }) => span)),
    new Set(collapsed),
  );
}

/** Each lane as its bars in order: "a@0-10 b@11-12". */
function lanesOf(timeline: Timeline): readonly string[] {
  return Array.from({ length: timeline.laneCount }, (_, lane) => {
    const texts: string[] = [];
    const to = timeline.laneStarts[lane + 1] ?? 0;
    for (let bar = timeline.laneStarts[lane] ?? 0; bar < to; bar++) {
      const id = timeline.tree.nodes[timeline.rows[bar] ?? -1]?.span.id ?? '?';
      texts.push(`${id}@${timeline.starts[bar] ?? ''}-${timeline.ends[bar] ?? ''}`);
    }
    return texts.join(' ');
  });
}

describe('layoutTimeline', () => {
  it.each<[string, Span[], string[]]>([
    ['no spans', [], []],
    ['a root', [ran('a', undefined, 0, 10)], ['a@0-10']],
    [
      'calls below their caller, one after the other',
      [ran('a', undefined, 0, 10), ran('b', 'a', 1, 4), ran('c', 'a', 4, 9), ran('d', 'c', 5, 6)],
      ['a@0-10', 'b@1-4 c@4-9', 'd@5-6'],
    ],
    [
      'side by side on lanes of their own',
      [ran('a', undefined, 0, 10), ran('b', 'a', 1, 8), ran('c', 'a', 2, 9)],
      ['a@0-10', 'b@1-8', 'c@2-9'],
    ],
    [
      'all of one before the next one that ran beside it',
      [
        ran('a', undefined, 0, 10),
        ran('b', 'a', 1, 8),
        ran('b1', 'b', 2, 3),
        ran('c', 'a', 2, 9),
        ran('c1', 'c', 4, 5),
      ],
      ['a@0-10', 'b@1-8', 'b1@2-3', 'c@2-9', 'c1@4-5'],
    ],
    [
      'what ran longer than its caller keeps its place',
      [ran('a', undefined, 0, 4), ran('b', 'a', 1, 8), ran('z', undefined, 5, 6)],
      ['a@0-4', 'b@1-8', 'z@5-6'],
    ],
    [
      'what has not ended reaches to the last known time',
      [ran('a', undefined, 0), ran('b', 'a', 2), ran('c', 'a', 3, 7)],
      ['a@0-7', 'b@2-7', 'c@3-7'],
    ],
    [
      'an end before its start is its start',
      [ran('a', undefined, 0, 10), ran('b', 'a', 5, 3)],
      ['a@0-10', 'b@5-5'],
    ],
    [
      'a caller that has not come reaches from its first call on',
      [ran('a', 'unknown', 1, 4), ran('b', 'unknown', 5, 6)].map((span) => ({
        ...span,
        parentMissing: 'not_yet_arrived',
      })),
      ['unknown@0-5', 'a@0-3 b@4-5'],
    ],
  ])('%s', (_name, spans, lanes) => {
    expect(lanesOf(layOut(spans))).toEqual(lanes);
  });

  it('leaves out what is below a collapsed span', () => {
    const spans = [
      ran('a', undefined, 0, 10),
      ran('b', 'a', 1, 8),
      ran('b1', 'b', 2, 3),
      ran('c', 'a', 2, 9),
    ];
    const timeline = layOut(spans, ['b']);
    expect(lanesOf(timeline)).toEqual(['a@0-10', 'b@1-8', 'c@2-9']);
    const hidden = timeline.tree.indexById.get('b1') ?? -1;
    expect(timeline.bars[hidden]).toBe(-1);
    expect(timeline.rows[shownBar(timeline, hidden)]).toBe(timeline.tree.indexById.get('b'));
  });

  it('counts spans that nobody knows when they ran', () => {
    const lost = makeSpan('lost', { startNs: undefined, endNs: undefined, parentId: 'a' });
    const timeline = layOut([ran('a', undefined, 0, 1), lost]);
    expect(timeline.unplaced).toBe(1);
    expect(lanesOf(timeline)).toEqual(['a@0-1']);
  });

  it('gives each agent a block of lanes', () => {
    const agent = (span: Span): Span => ({ ...span, kind: 'agent' });
    const timeline = layOut([
      agent(ran('main', undefined, 0, 10)),
      agent(ran('one', 'main', 1, 8)),
      ran('one call', 'one', 2, 3),
      agent(ran('two', 'main', 2, 9)),
      ran('two call', 'two', 4, 12),
      agent(ran('idle', 'main', 9.5, 10)),
    ]);
    const blocks = timeline.agents.map(({ row, lane, lanes, from, to }) => {
      const id = timeline.tree.nodes[row]?.span.id ?? '';
      return `${id} ${lane}+${lanes} ${from}-${to}`;
    });
    expect(blocks).toEqual(['main 0+5 0-12', 'one 1+2 1-8', 'two 3+2 2-12']);
  });

  it('lays out a chain of 5,000 and a fan of 5,000', () => {
    const chain = Array.from({ length: 5000 }, (_, i) =>
      ran(`c${i}`, i === 0 ? undefined : `c${i - 1}`, i / 1000, 40 - i / 1000),
    );
    expect(layOut(chain).laneCount).toBe(5000);
    const fan = Array.from({ length: 5000 }, (_, i) =>
      ran(`f${i}`, i === 0 ? undefined : 'f0', i / 1000, 40 + i / 1000),
    );
    expect(layOut(fan).laneCount).toBe(5000);
  });
});
