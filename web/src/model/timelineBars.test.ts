// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Span } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';
import { makeTimeScale } from './spanLayout';
import { layoutTimeline } from './timeline';
import type { Timeline } from './timeline';
import { barAfterKey, eachDrawnBar, hitBar } from './timelineBars';
import type { DrawnBar } from './timelineBars';

const second = 1_000_000_000n;

function ran(id: string, parentId: string | undefined, from: number, to: number): Span {
  const at = (seconds: number): bigint => BigInt(Math.round(seconds * 1e6)) * 1000n + second;
  return makeSpan(id, { parentId, startNs: at(from), endNs: at(to) });
}

function layOut(spans: readonly Span[]): Timeline {
  const tree = buildSpanTree(spans);
  return layoutTimeline(tree, makeTimeScale(tree.nodes.map(({ span }) => span)), new Set());
}

function idOf(timeline: Timeline, bar: number | undefined): string | undefined {
  return bar === undefined ? undefined : timeline.tree.nodes[timeline.rows[bar] ?? -1]?.span.id;
}

function drawn(timeline: Timeline, lane: number, from: number, to: number, width: number) {
  const found: DrawnBar[] = [];
  eachDrawnBar(timeline, lane, { window: { from, to }, width, selectedBar: -1 }, (bar) =>
    found.push(bar),
  );
  return found.map(
    ({ x, width: wide, bar, count }) =>
      `${idOf(timeline, bar) ?? ''} ${Math.round(x)}+${Math.round(wide)}${count > 1 ? ` ×${count}` : ''}`,
  );
}

describe('eachDrawnBar', () => {
  const calls = layOut([
    ran('root', undefined, 0, 100),
    ran('a', 'root', 0, 20),
    ran('b', 'root', 30, 50),
    ran('c', 'root', 60, 90),
  ]);
  const crowd = layOut([
    ran('root', undefined, 0, 100),
    ...Array.from({ length: 10 }, (_, i) => ran(`s${i}`, 'root', i / 10, i / 10 + 0.05)),
    { ...ran('bad', 'root', 1.2, 1.25), status: 'failed' },
    ran('s10', 'root', 1.4, 1.45),
    ran('far', 'root', 50, 50.01),
    ran('wide', 'root', 50.01, 60),
  ]);
  it.each<[string, Timeline, number, number, number, string[]]>([
    ['all of them', calls, 1, 0, 100, ['a 0+20', 'b 30+20', 'c 60+30']],
    ['cut at both edges', calls, 1, 10, 40, ['a 0+33', 'b 67+33']],
    ['only what is in the window', calls, 1, 55, 70, ['c 33+67']],
    ['nothing in a gap', calls, 1, 51, 59, []],
    ['the caller over all of the window', calls, 0, 51, 59, ['root 0+100']],
    ['a window without length', calls, 1, 5, 5, []],
    [
      'what is too close is joined, and the worst stands for all',
      crowd,
      1,
      0,
      100,
      ['bad 0+2 ×12', 'far 50+2', 'wide 50+10'],
    ],
    [
      'at the very end',
      layOut([ran('a', undefined, 0, 9), ran('z', 'a', 9, 9)]),
      1,
      0,
      9,
      ['z 98+2'],
    ],
    ['apart when looked at closely', crowd, 1, 1.1, 1.5, ['bad 25+13', 's10 75+13']],
  ])('%s', (_name, timeline, lane, from, to, expected) => {
    expect(drawn(timeline, lane, from, to, 100)).toEqual(expected);
  });
});

describe('what stands for joined bars', () => {
  const timeline = layOut([
    ran('root', undefined, 0, 1000),
    ran('plain', 'root', 0, 0.1),
    { ...ran('path', 'root', 0.2, 0.3), criticalSeconds: 0.1 },
    { ...ran('failed', 'root', 0.4, 0.5), status: 'failed' },
    ran('chosen', 'root', 0.6, 0.7),
  ]);
  const barOf = (id: string): number => timeline.bars[timeline.tree.indexById.get(id) ?? -1] ?? -1;
  it.each([
    ['failed', -1, 1000],
    ['chosen', barOf('chosen'), 1000],
    ['path', -1, 0.35],
  ])('%s', (id, selectedBar, to) => {
    const found: string[] = [];
    const view = { window: { from: 0, to }, width: to === 1000 ? 100 : 1, selectedBar };
    eachDrawnBar(timeline, 1, view, ({ bar }) => found.push(idOf(timeline, bar) ?? ''));
    expect(found).toEqual([id]);
  });
});

describe('hitBar', () => {
  const timeline = layOut([
    ran('root', undefined, 0, 100),
    ran('a', 'root', 10, 20),
    ran('b', 'root', 20.5, 21),
    ran('c', 'root', 21.5, 22),
    ran('d', 'root', 22.5, 23),
  ]);
  it.each<[string, number, number, number, string | undefined, number]>([
    ['inside', 1, 15, 0.1, 'a', 1],
    ['just outside', 1, 9.95, 0.1, 'a', 1],
    ['too far away', 1, 9, 0.1, undefined, 0],
    ['the closest of several', 1, 21.2, 0.4, 'b', 2],
    ['among many', 1, 22, 2, 'c', 4],
    ['the caller', 0, 50, 0.1, 'root', 1],
    ['no such lane', 9, 50, 0.1, undefined, 0],
    ['above all lanes', -1, 50, 0.1, undefined, 0],
  ])('%s', (_name, lane, seconds, tolerance, id, count) => {
    const hit = hitBar(timeline, lane, seconds, tolerance);
    expect(idOf(timeline, hit?.bar)).toBe(id);
    expect(hit?.count ?? 0).toBe(count);
  });
});

describe('barAfterKey', () => {
  const timeline = layOut([
    ran('root', undefined, 0, 100),
    ran('a', 'root', 10, 20),
    ran('a1', 'a', 11, 12),
    ran('b', 'root', 30, 60),
    ran('c', 'root', 40, 70),
  ]);
  it.each<[string, string, string | undefined]>([
    ['root', 'ArrowDown', 'a'],
    ['a', 'ArrowDown', 'a1'],
    ['a1', 'ArrowUp', 'a'],
    ['a', 'ArrowRight', 'b'],
    ['b', 'ArrowLeft', 'a'],
    ['a', 'ArrowLeft', undefined],
    ['b', 'ArrowDown', 'c'],
    ['b', 'ArrowUp', 'root'],
    ['c', 'ArrowUp', 'root'],
    ['c', 'ArrowDown', undefined],
    ['root', 'ArrowUp', undefined],
    ['b', 'Home', 'a'],
    ['a', 'End', 'b'],
    ['a', 'x', undefined],
  ])('from %s by %s to %s', (from, key, to) => {
    const bar = timeline.bars[timeline.tree.indexById.get(from) ?? -1] ?? -1;
    expect(idOf(timeline, barAfterKey(timeline, bar, key))).toBe(to);
  });
});
