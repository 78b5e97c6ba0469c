// SPDX-License-Identifier: Apache-2.0

import { formatPercent } from '../base/format';
import { changePercent } from '../model/sums';
import type { TileChange } from '../ui/Tile';

/** `less`: fewer is better. `none`: nobody can say which way is better. */
type Better = 'less' | 'none';

/** Changes too small to call better or worse, in percent or points. */
const leastChange = 5;
const leastPoints = 0.5;

function arrow(change: number): string {
  if (change === 0) return '±';
  return change > 0 ? '↑' : '↓';
}

function toneOf(change: number, least: number, better: Better): TileChange['tone'] {
  if (better === 'none' || Math.abs(change) < least) return 'quiet';
  return change > 0 ? 'error' : 'ok';
}

/** How many percent more a figure is than before; undefined where that cannot be said. */
export function tileChange(
  now: number | undefined,
  before: number | undefined,
  better: Better = 'none',
): TileChange | undefined {
  const change = changePercent(now, before);
  if (change === undefined) return undefined;
  const size = Math.abs(change);
  return {
    text: `${arrow(Math.round(change))} ${size >= 1000 ? '> 1,000' : Math.round(size)}\u202f%`,
    tone: toneOf(change, leastChange, better),
    title: 'against the same time before',
  };
}

/** The same of figures that are percentages themselves: in points. */
export function tilePoints(
  now: number | undefined,
  before: number | undefined,
): TileChange | undefined {
  if (now === undefined || before === undefined) return undefined;
  const change = Math.round((now - before) * 10) / 10;
  return {
    text: `${arrow(change)} ${Math.abs(change)} points`,
    tone: toneOf(change, leastPoints, 'less'),
    title: `against the same time before, ${formatPercent(Math.round(before * 10) / 10)}`,
  };
}
