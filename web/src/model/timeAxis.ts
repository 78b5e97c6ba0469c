// SPDX-License-Identifier: Apache-2.0
// Where the figures of a time axis stand, and what they say.

import { formatDuration } from '../base/format';
import { lengthOf } from './timeWindow';
import type { TimeWindow } from './timeWindow';

export interface AxisTick {
  /** The share of the width at which it stands. */
  readonly at: number;
  readonly label: string;
}

const clockSteps = [
  20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

/** A round step so that at most `maxTicks` fit: 1, 2 or 5 times a power of ten to 10 s, clock-like above. */
function tickStep(seconds: number, maxTicks: number): number {
  const rough = seconds / maxTicks;
  if (rough > 10)
    return clockSteps.find((step) => step >= rough) ?? Math.ceil(rough / 86_400) * 86_400;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((factor) => factor * power >= rough * 0.999_999) ?? 10) * power;
}

/**
 * Round times of a window, from the start of the run on. Where the window is so small that their figures
 * would look the same, all but the first say how much later than it they are.
 */
export function axisTicks(window: TimeWindow, maxTicks: number): readonly AxisTick[] {
  const seconds = lengthOf(window);
  if (seconds <= 0 || maxTicks < 1) return [{ at: 0, label: tickLabel(window.from) }];
  const step = tickStep(seconds, maxTicks);
  const first = Math.ceil(window.from / step - 1e-9);
  const count = Math.floor(window.to / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: Math.max(0, count) }, (_, i) => ({
    at: Math.max(0, ((first + i) * step - window.from) / seconds),
    label: tickLabel((first + i) * step),
  }));
  const isDistinct = new Set(ticks.map(({ label }) => label)).size === ticks.length;
  if (isDistinct) return ticks;
  return ticks.map((tick, i) => (i === 0 ? tick : { ...tick, label: `+${tickLabel(i * step)}` }));
}

/** A duration without the zeros behind its last figure and without an empty lesser unit. */
function tickLabel(seconds: number): string {
  if (seconds === 0) return '0';
  return formatDuration(seconds)
    .replace(/ 00\u202f\w$/, '')
    .replace(/\.0+(?=\u202f)/, '')
    .replace(/(\.\d*[1-9])0+(?=\u202f)/, '$1');
}
