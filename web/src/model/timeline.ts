// SPDX-License-Identifier: Apache-2.0
// A run as bars on lanes: what a span called lies below it, and what ran at the same time lies on lanes
// of its own. All of an agent's work takes one block of lanes, so that agents at work side by side do not
// mix. Bars are kept as columns of numbers, since 50,000 of them are looked through for each drawing.

import { secondsBetween } from '../base/time';
import { packLanes } from './lanePacking';
import type { Span } from './span';
import type { TimeScale } from './spanLayout';
import type { SpanTree } from './spanTree';

/** Where the work of an agent lies. */
export interface AgentBlock {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  readonly lanes: number;
}

export interface Timeline {
  readonly tree: SpanTree;
  /** Seconds from the start of the run to its last known time. */
  readonly seconds: number;
  readonly laneCount: number;
  /** Bars of lane `i` are those from `laneStarts[i]` up to `laneStarts[i + 1]`, in order of time. */
  readonly laneStarts: Int32Array;
  /** For each bar: its row in the tree, its lane, and its start and end in seconds. */
  readonly rows: Int32Array;
  readonly lanes: Int32Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** What a bar is drawn for, of several at one place: a failure before what the run waited for. */
  readonly ranks: Uint8Array;
  /** For each row of the tree its bar; -1 where it has none. */
  readonly bars: Int32Array;
  readonly agents: readonly AgentBlock[];
  /** Spans of which nobody knows when they ran. */
  readonly unplaced: number;
}

/** When the rows ran, and when they and all that is shown below them did. */
interface Times {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
}

function shownRows(tree: SpanTree, collapsed: ReadonlySet<string>): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < tree.nodes.length; row++) {
    const node = tree.nodes[row];
    if (node === undefined) break;
    rows.push(row);
    if (collapsed.has(node.span.id)) row += node.descendants;
  }
  return rows;
}

/** A span that has not ended reaches to the last known time; one that has not come, over what it called. */
function timesOf(tree: SpanTree, shown: readonly number[], scale: TimeScale): Times {
  const count = tree.nodes.length;
  const starts = new Float64Array(count).fill(NaN);
  const ends = new Float64Array(count).fill(NaN);
  const firsts = new Float64Array(count).fill(Infinity);
  const lasts = new Float64Array(count).fill(-Infinity);
  for (let i = shown.length - 1; i >= 0; i--) {
    const row = shown[i] ?? 0;
    const span = tree.nodes[row]?.span;
    const first = firsts[row] ?? Infinity;
    const start =
      span?.startNs === undefined
        ? Number.isFinite(first)
          ? first
          : NaN
        : secondsBetween(scale.startNs, span.startNs);
    const end =
      span?.endNs === undefined ? scale.seconds : secondsBetween(scale.startNs, span.endNs);
    starts[row] = start;
    ends[row] = Math.max(start, end);
    if (Number.isNaN(start)) continue;
    firsts[row] = Math.min(first, start);
    lasts[row] = Math.max(lasts[row] ?? -Infinity, ends[row] ?? start);
    const parent = tree.parents[row] ?? -1;
    if (parent < 0) continue;
    firsts[parent] = Math.min(firsts[parent] ?? Infinity, firsts[row] ?? start);
    lasts[parent] = Math.max(lasts[parent] ?? -Infinity, lasts[row] ?? start);
  }
  return { starts, ends, firsts, lasts };
}

interface Lanes {
  /** Lanes that each row and all below it need. */
  readonly heights: Int32Array;
  readonly lanes: Int32Array;
  readonly laneCount: number;
}

/** Whether rows are in order of their times. */
function isOrdered(rows: ArrayLike<number>, times: Float64Array): boolean {
  for (let i = 1; i < rows.length; i++)
    if ((times[rows[i - 1] ?? 0] ?? 0) > (times[rows[i] ?? 0] ?? 0)) return false;
  return true;
}

/** Rows that have a place in time, by the row above them; -1 for the top. */
function childrenOf(
  tree: SpanTree,
  shown: readonly number[],
  { starts, firsts }: Times,
): ReadonlyMap<number, number[]> {
  const children = new Map<number, number[]>();
  for (const row of shown) {
    if (Number.isNaN(starts[row])) continue;
    const parent = tree.parents[row] ?? -1;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [row]);
    else siblings.push(row);
  }
  for (const siblings of children.values()) {
    // As a rule they come in order; sorting 50,000 for nothing takes longer than all the rest.
    if (!isOrdered(siblings, firsts))
      siblings.sort((left, right) => (firsts[left] ?? 0) - (firsts[right] ?? 0) || left - right);
  }
  return children;
}

function lanesOf(tree: SpanTree, shown: readonly number[], times: Times): Lanes {
  const { firsts, lasts, starts } = times;
  const children = childrenOf(tree, shown, times);
  const count = tree.nodes.length;
  const heights = new Int32Array(count).fill(1);
  const offsets = new Int32Array(count);
  const pack = (parent: number): number => {
    const below = children.get(parent) ?? [];
    const packing = packLanes(
      below.map((row) => ({
        from: firsts[row] ?? 0,
        to: lasts[row] ?? 0,
        height: heights[row] ?? 1,
      })),
    );
    below.forEach((row, place) => {
      offsets[row] = packing.tops[place] ?? 0;
    });
    return packing.height;
  };
  // What is below a row comes after it, so from the end on all of it is packed.
  for (let i = shown.length - 1; i >= 0; i--) {
    const row = shown[i] ?? 0;
    if (children.has(row)) heights[row] = 1 + pack(row);
  }
  const laneCount = pack(-1);
  const lanes = new Int32Array(count).fill(-1);
  for (const row of shown) {
    if (Number.isNaN(starts[row])) continue;
    const parent = tree.parents[row] ?? -1;
    const above = parent < 0 ? -1 : (lanes[parent] ?? -1);
    lanes[row] = above + 1 + (offsets[row] ?? 0);
  }
  return { heights, lanes, laneCount };
}

/** Rows by lane, each lane in order of time. */
function sortByLane(placed: readonly number[], { lanes, laneCount }: Lanes, starts: Float64Array) {
  const laneStarts = new Int32Array(laneCount + 1);
  for (const row of placed) {
    const lane = lanes[row] ?? 0;
    laneStarts[lane + 1] = (laneStarts[lane + 1] ?? 0) + 1;
  }
  for (let lane = 0; lane < laneCount; lane++)
    laneStarts[lane + 1] = (laneStarts[lane + 1] ?? 0) + (laneStarts[lane] ?? 0);
  const next = laneStarts.slice();
  const rows = new Int32Array(placed.length);
  for (const row of placed) {
    const lane = lanes[row] ?? 0;
    const bar = next[lane] ?? 0;
    rows[bar] = row;
    next[lane] = bar + 1;
  }
  for (let lane = 0; lane < laneCount; lane++) {
    const from = laneStarts[lane] ?? 0;
    const to = laneStarts[lane + 1] ?? 0;
    if (to - from < 2) continue;
    const own = rows.subarray(from, to);
    if (!isOrdered(own, starts))
      own.sort((left, right) => (starts[left] ?? 0) - (starts[right] ?? 0) || left - right);
  }
  return { laneStarts, rows };
}

/** Ranks of bars; others have none. */
export const failedRank = 2;
export const pathRank = 1;

function rankOf(span: Span | undefined): number {
  if (span?.status === 'failed') return failedRank;
  return (span?.criticalSeconds ?? 0) > 0 ? pathRank : 0;
}

export function layoutTimeline(
  tree: SpanTree,
  scale: TimeScale,
  collapsed: ReadonlySet<string>,
): Timeline {
  const shown = shownRows(tree, collapsed);
  const times = timesOf(tree, shown, scale);
  const lanes = lanesOf(tree, shown, times);
  const placed = shown.filter((row) => !Number.isNaN(times.starts[row]));
  const { laneStarts, rows } = sortByLane(placed, lanes, times.starts);
  const bars = new Int32Array(tree.nodes.length).fill(-1);
  rows.forEach((row, bar) => {
    bars[row] = bar;
  });
  const agents = placed
    .filter((row) => tree.nodes[row]?.span.kind === 'agent' && (lanes.heights[row] ?? 1) > 1)
    .map((row): AgentBlock => ({
      row,
      from: times.firsts[row] ?? 0,
      to: times.lasts[row] ?? 0,
      lane: lanes.lanes[row] ?? 0,
      lanes: lanes.heights[row] ?? 1,
    }));
  return {
    tree,
    seconds: scale.seconds,
    laneCount: lanes.laneCount,
    laneStarts,
    rows,
    lanes: Int32Array.from(rows, (row) => lanes.lanes[row] ?? 0),
    starts: Float64Array.from(rows, (row) => times.starts[row] ?? 0),
    ends: Float64Array.from(rows, (row) => times.ends[row] ?? 0),
    ranks: Uint8Array.from(rows, (row) => rankOf(tree.nodes[row]?.span)),
    bars,
    agents,
    unplaced: shown.length - placed.length,
  };
}

/** The rows hidden in a collapsed row are looked for at the row that hides them. */
export function shownBar(timeline: Timeline, row: number): number {
  for (let at = row; at >= 0; at = timeline.tree.parents[at] ?? -1) {
    const bar = timeline.bars[at] ?? -1;
    if (bar >= 0) return bar;
  }
  return -1;
}
