// SPDX-License-Identifier: Apache-2.0
// Where spans lie on the time axis, as fractions of its width. Nothing here knows pixels or "now":
// a span that has not ended is a point with an open end, because its duration is not known.

import { secondsBetween } from '../base/time';
import type { Span } from './span';

export interface TimeScale {
  readonly startNs: bigint;
  readonly seconds: number;
}

export type SpanShape =
  | { readonly kind: 'bar'; readonly left: number; readonly width: number }
  | { readonly kind: 'open'; readonly left: number }
  | { readonly kind: 'none' };

/** From the first start to the last known time; ends that lie before their start do not count. */
export function makeTimeScale(spans: Iterable<Span>): TimeScale {
  let first: bigint | undefined;
  let last: bigint | undefined;
  for (const span of spans) {
    if (span.startNs === undefined) continue;
    if (first === undefined || span.startNs < first) first = span.startNs;
    const end = span.endNs !== undefined && span.endNs > span.startNs ? span.endNs : span.startNs;
    if (last === undefined || end > last) last = end;
  }
  if (first === undefined || last === undefined) return { startNs: 0n, seconds: 0 };
  return { startNs: first, seconds: secondsBetween(first, last) };
}

/** The fraction of the axis at which a time lies; 0 on an axis without length. */
export function fractionAt(scale: TimeScale, timeNs: bigint): number {
  if (scale.seconds <= 0) return 0;
  return Math.min(1, Math.max(0, secondsBetween(scale.startNs, timeNs) / scale.seconds));
}

export function layoutSpan(scale: TimeScale, span: Span): SpanShape {
  if (span.startNs === undefined) return { kind: 'none' };
  const left = fractionAt(scale, span.startNs);
  if (span.endNs === undefined) return { kind: 'open', left };
  return { kind: 'bar', left, width: Math.max(0, fractionAt(scale, span.endNs) - left) };
}
