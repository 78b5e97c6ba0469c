// SPDX-License-Identifier: Apache-2.0
// Which bars of a timeline are seen in a window, and which one lies at a place.

import type { TimeWindow } from './timeWindow';
import { lengthOf } from './timeWindow';
import type { Timeline } from './timeline';

/** A bar as it is drawn, or bars that lie too close together to be told apart. */
export interface DrawnBar {
  /** Pixels from the left edge. */
  readonly x: number;
  readonly width: number;
  /** Of several, the first one that ranks highest. */
  readonly bar: number;
  readonly count: number;
}

/** Narrower bars are joined with their neighbours. */
const narrow = 3;
const leastWidth = 2;

/** The first bar of a lane that ends at or after a time; the lane's end where there is none. */
function firstEndingAfter(timeline: Timeline, lane: number, seconds: number): number {
  let low = timeline.laneStarts[lane] ?? 0;
  let high = timeline.laneStarts[lane + 1] ?? low;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timeline.ends[middle] ?? 0) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface DrawnView {
  readonly window: TimeWindow;
  /** Pixels. */
  readonly width: number;
  /** Stands for all that it is joined with; -1 for none. */
  readonly selectedBar: number;
}

const selectedRank = 9;

/**
 * Calls `visit` for what is to be drawn of a lane, from left to right. Of bars that are joined, the one
 * with the highest rank stands for them. Nothing but columns of numbers is looked at.
 */
export function eachDrawnBar(
  timeline: Timeline,
  lane: number,
  view: DrawnView,
  visit: (drawn: DrawnBar) => void,
): void {
  const { window, width, selectedBar } = view;
  const { starts, ends, ranks } = timeline;
  const length = lengthOf(window);
  if (length <= 0) return;
  const scale = width / length;
  const end = timeline.laneStarts[lane + 1] ?? 0;
  // What is joined: from `left` to `right`, `count` of them, of which `best` ranks highest.
  let left = 0;
  let right = 0;
  let best = -1;
  let bestRank = -1;
  let count = 0;
  const flush = (): void => {
    if (count > 0) visit({ x: left, width: Math.max(leastWidth, right - left), bar: best, count });
    count = 0;
  };
  for (let bar = firstEndingAfter(timeline, lane, window.from); bar < end; bar++) {
    const start = starts[bar] ?? 0;
    if (start > window.to) break;
    // What begins at the very end is seen, too.
    const from = Math.min(width - leastWidth, Math.max(0, (start - window.from) * scale));
    const to = Math.min(width, ((ends[bar] ?? start) - window.from) * scale);
    if (to - from >= narrow) {
      flush();
      visit({ x: from, width: to - from, bar, count: 1 });
      continue;
    }
    const rank = bar === selectedBar ? selectedRank : (ranks[bar] ?? 0);
    if (count > 0 && from <= Math.max(left + leastWidth, right)) {
      count++;
      if (to > right) right = to;
      if (rank <= bestRank) continue;
    } else {
      flush();
      left = from;
      right = to;
      count = 1;
    }
    best = bar;
    bestRank = rank;
  }
  flush();
}

export interface Hit {
  readonly bar: number;
  /** Bars that lie as close, itself included. */
  readonly count: number;
}

/** The bar of a lane that lies at a time, or no further from it than `tolerance` seconds. */
export function hitBar(
  timeline: Timeline,
  lane: number,
  seconds: number,
  tolerance: number,
): Hit | undefined {
  if (lane < 0 || lane >= timeline.laneCount) return undefined;
  const end = timeline.laneStarts[lane + 1] ?? 0;
  let best: number | undefined;
  let least = Infinity;
  let count = 0;
  const first = firstEndingAfter(timeline, lane, seconds - tolerance);
  for (let bar = first; bar < end; bar++) {
    const start = timeline.starts[bar] ?? 0;
    if (start > seconds + tolerance) break;
    count++;
    const away = Math.max(start - seconds, seconds - (timeline.ends[bar] ?? start), 0);
    if (away < least) {
      least = away;
      best = bar;
    }
  }
  return best === undefined
    ? undefined
    : { bar: best, count: least === 0 && count < 3 ? 1 : count };
}

/** The bar of a lane that is closest to a time. */
function closestIn(timeline: Timeline, lane: number, seconds: number): number | undefined {
  const from = timeline.laneStarts[lane] ?? 0;
  const to = timeline.laneStarts[lane + 1] ?? 0;
  if (lane < 0 || from >= to) return undefined;
  const after = Math.min(to - 1, firstEndingAfter(timeline, lane, seconds));
  const before = Math.max(from, after - 1);
  const away = (bar: number): number =>
    Math.max((timeline.starts[bar] ?? 0) - seconds, seconds - (timeline.ends[bar] ?? 0), 0);
  return away(before) < away(after) ? before : after;
}

/** The first bar below a row in the tree. */
function childBar(timeline: Timeline, row: number): number | undefined {
  const { tree, bars } = timeline;
  const node = tree.nodes[row];
  if (node === undefined || tree.parents[row + 1] !== row) return undefined;
  const bar = bars[row + 1] ?? -1;
  return bar < 0 ? undefined : bar;
}

/**
 * The bar to which a key leads: left and right along the lane, up to the caller and down to the first
 * call, else to the neighbouring lane. Undefined for other keys and where there is nothing.
 */
export function barAfterKey(timeline: Timeline, bar: number, key: string): number | undefined {
  const lane = timeline.lanes[bar] ?? 0;
  const row = timeline.rows[bar] ?? -1;
  const start = timeline.starts[bar] ?? 0;
  const isInLane = (other: number): boolean => timeline.lanes[other] === lane;
  switch (key) {
    case 'ArrowRight':
      return isInLane(bar + 1) ? bar + 1 : undefined;
    case 'ArrowLeft':
      return isInLane(bar - 1) ? bar - 1 : undefined;
    case 'ArrowUp': {
      const parent = timeline.bars[timeline.tree.parents[row] ?? -1] ?? -1;
      return parent >= 0 ? parent : closestIn(timeline, lane - 1, start);
    }
    case 'ArrowDown':
      return childBar(timeline, row) ?? closestIn(timeline, lane + 1, start);
    case 'Home':
      return timeline.laneStarts[lane];
    case 'End':
      return (timeline.laneStarts[lane + 1] ?? 1) - 1;
    default:
      return undefined;
  }
}
