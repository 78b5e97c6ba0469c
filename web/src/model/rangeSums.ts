// SPDX-License-Identifier: Apache-2.0
// What ran in a stretch of a run: how much of it, for how long, and what it came to.

import { secondsBetween } from '../base/time';
import { knownUsd } from './calls';
import type { Span, SpanKind } from './span';
import type { TimeScale } from './spanLayout';
import type { SpanTree } from './spanTree';
import { runsIn } from './timeWindow';
import type { TimeWindow } from './timeWindow';

export interface RangeName {
  readonly kind: SpanKind;
  readonly title: string;
  readonly count: number;
  /** Inside the range, added up: what runs side by side counts each time. */
  readonly seconds: number;
  /** The one that ran longest in the range. */
  readonly longestId: string;
}

export interface RangeSums {
  readonly spans: number;
  readonly errors: number;
  /** Of all counted calls that ran in the range, each as a whole. */
  readonly tokens: number | undefined;
  readonly usd: number | undefined;
  readonly unpriced: number;
  /** Spans with nothing below them, by name, those with the most time first. */
  readonly names: readonly RangeName[];
}

interface Growing {
  readonly kind: SpanKind;
  readonly title: string;
  count: number;
  seconds: number;
  longestId: string;
  longest: number;
}

/** How long a span ran in the range; to its end where it has not ended. */
function secondsIn(span: Span, scale: TimeScale, range: TimeWindow): number {
  if (span.startNs === undefined) return 0;
  const from = Math.max(range.from, secondsBetween(scale.startNs, span.startNs));
  const end = span.endNs === undefined ? scale.seconds : secondsBetween(scale.startNs, span.endNs);
  return Math.max(0, Math.min(range.to, end) - from);
}

class NameSums {
  private readonly names = new Map<string, Growing>();

  add(span: Span, seconds: number): void {
    const key = `${span.kind}\n${span.title}`;
    const known = this.names.get(key);
    if (known === undefined) {
      const { kind, title, id } = span;
      this.names.set(key, { kind, title, count: 1, seconds, longestId: id, longest: seconds });
      return;
    }
    known.count++;
    known.seconds += seconds;
    if (seconds <= known.longest) return;
    known.longest = seconds;
    known.longestId = span.id;
  }

  sorted(): readonly RangeName[] {
    return [...this.names.values()]
      .sort((left, right) => right.seconds - left.seconds)
      .map(({ kind, title, count, seconds, longestId }) => ({
        kind,
        title,
        count,
        seconds,
        longestId,
      }));
  }
}

export function sumRange(tree: SpanTree, scale: TimeScale, range: TimeWindow): RangeSums {
  const names = new NameSums();
  let spans = 0;
  let errors = 0;
  let tokens: number | undefined;
  let usd: number | undefined;
  let unpriced = 0;
  for (const { span, childCount } of tree.nodes) {
    if (span.knownFrom === 'children' || !runsIn(span, scale, range)) continue;
    spans++;
    if (span.status === 'failed') errors++;
    if (childCount === 0) names.add(span, secondsIn(span, scale, range));
    if (!span.isCounted) continue;
    const own = span.usage?.total;
    if (own !== undefined) tokens = (tokens ?? 0) + own;
    const price = knownUsd(span);
    if (price !== undefined) usd = (usd ?? 0) + price;
    if (span.cost.kind === 'unpriced' || span.cost.kind === 'partial') unpriced++;
  }
  return { spans, errors, tokens, usd, unpriced, names: names.sorted() };
}
