// SPDX-License-Identifier: Apache-2.0
// A run in a few thin lanes, one for each agent at work at a time: when it called models and tools. Spans
// are painted into pixels first, so that 50,000 of them become no more rectangles than there are pixels.

import { secondsBetween } from '../base/time';
import { packLanes } from './lanePacking';
import { spanKinds } from './span';
import type { Span, SpanKind } from './span';
import type { TimeScale } from './spanLayout';
import type { SpanTree } from './spanTree';

/** What an agent does beyond so many at a time is drawn in the last lane. */
const mostLanes = 8;

export interface MapSpan {
  readonly row: number;
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

export interface Minimap {
  readonly laneCount: number;
  /** From an agent's first to its last moment. */
  readonly agents: readonly MapSpan[];
  /** What agents called, in the order of the tree. */
  readonly calls: readonly MapSpan[];
}

interface Stretch {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

function stretchOf(span: Span, row: number, scale: TimeScale): Stretch | undefined {
  if (span.startNs === undefined) return undefined;
  const from = secondsBetween(scale.startNs, span.startNs);
  const end = span.endNs === undefined ? scale.seconds : secondsBetween(scale.startNs, span.endNs);
  return { row, from, to: Math.max(from, end) };
}

/** The lanes of agents by their row; what belongs to none has the first one. */
function agentLanes(tree: SpanTree, scale: TimeScale): readonly MapSpan[] {
  const stretches = tree.nodes
    .flatMap(({ span, childCount }, row) => {
      if (span.kind !== 'agent' || childCount === 0) return [];
      return stretchOf(span, row, scale) ?? [];
    })
    .sort((left, right) => left.from - right.from || left.row - right.row);
  const { tops } = packLanes(stretches.map(({ from, to }) => ({ from, to, height: 1 })));
  return stretches.map((stretch, place) => ({
    ...stretch,
    lane: Math.min(mostLanes - 1, tops[place] ?? 0),
  }));
}

export function layoutMinimap(tree: SpanTree, scale: TimeScale): Minimap {
  const agents = agentLanes(tree, scale);
  const laneOfAgent = new Map(agents.map(({ row, lane }) => [row, lane]));
  const lanes = new Int32Array(tree.nodes.length);
  const calls: MapSpan[] = [];
  tree.nodes.forEach(({ span, childCount }, row) => {
    const parent = tree.parents[row] ?? -1;
    const lane = laneOfAgent.get(row) ?? (parent < 0 ? 0 : (lanes[parent] ?? 0));
    lanes[row] = lane;
    // What only calls others is told by what it calls; failures are always told.
    if (childCount > 0 && span.kind !== 'llm' && span.kind !== 'tool') return;
    const stretch = stretchOf(span, row, scale);
    if (stretch !== undefined) calls.push({ ...stretch, lane });
  });
  const laneCount = agents.reduce((most, { lane }) => Math.max(most, lane + 1), 1);
  return { laneCount, agents, calls };
}

export interface MapRun {
  readonly lane: number;
  /** Pixels, `right` not part of it. */
  readonly left: number;
  readonly right: number;
  readonly kind: SpanKind;
  readonly isFailed: boolean;
}

const failed = spanKinds.length + 1;

/** What is painted, as stretches of one colour. A failure is not painted over. */
export function paintMinimap(
  { calls, laneCount }: Minimap,
  tree: SpanTree,
  seconds: number,
  width: number,
): readonly MapRun[] {
  const columns = Math.max(0, Math.floor(width));
  if (columns === 0 || seconds <= 0) return [];
  const pixels = Array.from({ length: laneCount }, () => new Uint8Array(columns));
  const mark = (call: MapSpan, value: number): void => {
    const left = Math.min(columns - 1, Math.max(0, Math.floor((call.from / seconds) * columns)));
    const right = Math.min(columns, Math.max(left + 1, Math.ceil((call.to / seconds) * columns)));
    pixels[call.lane]?.fill(value, left, right);
  };
  for (const call of calls) {
    const kind = tree.nodes[call.row]?.span.kind ?? 'other';
    mark(call, spanKinds.indexOf(kind) + 1);
  }
  for (const call of calls) if (tree.nodes[call.row]?.span.status === 'failed') mark(call, failed);
  return pixels.flatMap((line, lane) => runsOf(line, lane));
}

function runsOf(line: Uint8Array, lane: number): readonly MapRun[] {
  const runs: MapRun[] = [];
  for (let left = 0; left < line.length;) {
    const value = line[left] ?? 0;
    let right = left + 1;
    while (right < line.length && line[right] === value) right++;
    const isFailed = value === failed;
    if (value > 0)
      runs.push({ lane, left, right, kind: spanKinds[value - 1] ?? 'other', isFailed });
    left = right;
  }
  return runs;
}

/** The row of the call that is closest to a time, in its lane where that has any. */
export function nearestCall(map: Minimap, lane: number, seconds: number): number | undefined {
  const own = map.calls.filter((call) => call.lane === lane);
  let best: number | undefined;
  let least = Infinity;
  for (const { row, from, to } of own.length > 0 ? own : map.calls) {
    const away = Math.max(from - seconds, seconds - to, 0);
    if (away >= least) continue;
    least = away;
    best = row;
  }
  return best;
}
