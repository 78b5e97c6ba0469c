// SPDX-License-Identifier: Apache-2.0
// What runs used of their machines, as far as they said so.

import type { Sample } from './bottlenecks';

export interface ResourcePoint {
  readonly timeMs: number;
  readonly value: number | undefined;
}

export interface Resources {
  readonly sample: Sample;
  /** MB. */
  readonly memory: readonly ResourcePoint[];
  /** Percent. */
  readonly cpu: readonly ResourcePoint[];
  readonly io: readonly ResourcePoint[];
  readonly network: readonly ResourcePoint[];
}

/** Points that say something, each at a second of its own: a line cannot go straight up. */
export function knownPoints(points: readonly ResourcePoint[]): readonly ResourcePoint[] {
  const bySecond = new Map<number, ResourcePoint>();
  for (const point of points)
    if (point.value !== undefined) bySecond.set(Math.floor(point.timeMs / 1000), point);
  return [...bySecond.values()].sort((left, right) => left.timeMs - right.timeMs);
}
