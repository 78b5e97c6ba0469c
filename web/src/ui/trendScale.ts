// SPDX-License-Identifier: Apache-2.0

/** The stretch that a drawing covers: half a step beyond the first and the last time. */
export interface TrendScale {
  readonly from: number;
  readonly to: number;
}

export function trendScale(times: readonly number[]): TrendScale {
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? first;
  const half = times.length > 1 ? (last - first) / (times.length - 1) / 2 : 1800;
  return { from: first - half, to: last + half };
}

/** How far from the left edge a time is, as a share of the width. */
export function shareOf(time: number, { from, to }: TrendScale): number {
  return (time - from) / (to - from);
}

/** The time nearest to a place; -1 where there are no times. They are ascending. */
export function nearestTime(times: readonly number[], share: number, scale: TrendScale): number {
  const wanted = scale.from + share * (scale.to - scale.from);
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  const before = times[low - 1];
  const here = times[low];
  if (here === undefined) return -1;
  return before !== undefined && wanted - before < here - wanted ? low - 1 : low;
}
