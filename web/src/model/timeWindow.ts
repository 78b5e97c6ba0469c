// SPDX-License-Identifier: Apache-2.0
// The part of a run that is looked at, in seconds since its first start.

import type { Span } from './span';
import type { TimeScale } from './spanLayout';
import { secondsBetween } from '../base/time';

export interface TimeWindow {
  readonly from: number;
  /** Not before `from`. */
  readonly to: number;
}

/** Nothing shorter can be looked at: the clocks of spans do not tell less apart. */
const shortest = 1e-6;

export function lengthOf({ from, to }: TimeWindow): number {
  return to - from;
}

/** The whole run. */
export function wholeWindow(scale: TimeScale): TimeWindow {
  return { from: 0, to: scale.seconds };
}

/** The time axis of a window. */
export function scaleOf(window: TimeWindow, scale: TimeScale): TimeScale {
  const startNs = scale.startNs + BigInt(Math.round(window.from * 1e9));
  return { startNs, seconds: lengthOf(window) };
}

/** The window moved and, where it is too long or too short, changed, so that it lies within `whole`. */
export function clampWindow(window: TimeWindow, whole: TimeWindow): TimeWindow {
  const most = lengthOf(whole);
  const length = Math.min(most, Math.max(Math.min(shortest, most), lengthOf(window)));
  const from = Math.min(whole.to - length, Math.max(whole.from, window.from));
  return { from, to: from + length };
}

/** Shows `factor` times as much, with the moment `at` where it is. */
export function zoomWindow(
  window: TimeWindow,
  whole: TimeWindow,
  factor: number,
  at: number,
): TimeWindow {
  const length = Math.min(lengthOf(whole), Math.max(shortest, lengthOf(window) * factor));
  const share = lengthOf(window) > 0 ? (at - window.from) / lengthOf(window) : 0.5;
  const from = at - share * length;
  return clampWindow({ from, to: from + length }, whole);
}

export function moveWindow(window: TimeWindow, whole: TimeWindow, by: number): TimeWindow {
  return clampWindow({ from: window.from + by, to: window.to + by }, whole);
}

export function isWhole(window: TimeWindow, whole: TimeWindow): boolean {
  return lengthOf(window) >= lengthOf(whole) * 0.999_999;
}

/** Moves as little as needed for `part` to be seen; shows more where it is longer. */
export function revealWindow(window: TimeWindow, whole: TimeWindow, part: TimeWindow): TimeWindow {
  if (part.to >= window.from && part.from <= window.to && lengthOf(part) >= lengthOf(window))
    return window;
  if (part.from >= window.from && part.to <= window.to) return window;
  if (lengthOf(part) >= lengthOf(window)) return moveWindow(window, whole, part.from - window.from);
  const by = part.from < window.from ? part.from - window.from : part.to - window.to;
  return moveWindow(window, whole, by);
}

/** "12.5-40", as it stands in an address. Undefined for what is none. */
export function parseWindow(text: string | undefined): TimeWindow | undefined {
  const match = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text ?? '');
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2]);
  return to > from ? { from, to } : undefined;
}

/** A number of seconds without an exponent, with so many digits as the window needs. */
function writeSeconds(seconds: number, length: number): string {
  const digits = Math.min(9, Math.max(0, 4 - Math.floor(Math.log10(length))));
  const text = seconds.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** As in an address; undefined for the whole run. */
export function formatWindow(window: TimeWindow, whole: TimeWindow): string | undefined {
  const length = lengthOf(window);
  if (length <= 0 || isWhole(window, whole)) return undefined;
  return `${writeSeconds(window.from, length)}-${writeSeconds(window.to, length)}`;
}

/** Whether a span ran in the window. One that has not ended runs on; one without a start never did. */
export function runsIn(span: Span, scale: TimeScale, window: TimeWindow): boolean {
  if (span.startNs === undefined) return false;
  if (secondsBetween(scale.startNs, span.startNs) > window.to) return false;
  return span.endNs === undefined || secondsBetween(scale.startNs, span.endNs) >= window.from;
}
