// SPDX-License-Identifier: Apache-2.0
// Where spans lie on the time axis, as fractions of its width. Nothing here knows pixels or "now":
// a span that has not ended is a point with an open end, because its duration is not known.

import { formatDuration } from '../base/format';
import { secondsBetween } from '../base/time';
import type { Span } from './span';
import type { SpanNode } from './spanTree';

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

export interface AxisTick {
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

export function axisTicks(scale: TimeScale, maxTicks: number): readonly AxisTick[] {
  if (scale.seconds <= 0 || maxTicks < 1) return [{ at: 0, label: '0' }];
  const step = tickStep(scale.seconds, maxTicks);
  const count = Math.floor(scale.seconds / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => ({
    at: (i * step) / scale.seconds,
    label: i === 0 ? '0' : tickLabel(i * step),
  }));
}

/** A duration without the zeros behind its last figure and without an empty lesser unit. */
function tickLabel(seconds: number): string {
  return formatDuration(seconds)
    .replace(/ 00\u202f\w$/, '')
    .replace(/\.0+(?=\u202f)/, '')
    .replace(/(\.\d*[1-9])0+(?=\u202f)/, '$1');
}

export interface MapRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly node: SpanNode;
}

/** All rows as thin lines in a box, top to bottom: the overview drawn above the tree. */
export function layoutMap(
  nodes: readonly SpanNode[],
  scale: TimeScale,
  box: { readonly width: number; readonly height: number },
): readonly MapRect[] {
  const pitch = Math.min(3, box.height / Math.max(1, nodes.length));
  const height = Math.max(1, pitch * 0.7);
  return nodes.flatMap((node, row) => {
    const shape = layoutSpan(scale, node.span);
    if (shape.kind === 'none') return [];
    const width = shape.kind === 'bar' ? Math.max(1.5, shape.width * box.width) : 3;
    return [
      {
        x: Math.min(shape.left * box.width, box.width - width),
        y: row * pitch,
        width,
        height,
        node,
      },
    ];
  });
}
