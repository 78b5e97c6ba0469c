// SPDX-License-Identifier: Apache-2.0

import type { Span, SpanKind } from './span';

/** All spans of one kind and name together. */
export interface NameSum {
  readonly kind: SpanKind;
  readonly title: string;
  readonly count: number;
  readonly errors: number;
  /** Spans whose duration is known: those that have ended. */
  readonly ended: number;
  readonly totalSeconds: number;
  /** Half of the ended ones took no longer. */
  readonly medianSeconds: number | undefined;
  readonly longestSeconds: number | undefined;
  readonly longestId: string;
  /** Undefined while it is known of none. */
  readonly selfSeconds: number | undefined;
  readonly criticalSeconds: number | undefined;
  /** Of calls that are counted, each once; undefined where none told its usage. */
  readonly tokens: number | undefined;
  readonly usd: number | undefined;
  /** Calls of which nobody knows the whole price: the sum is at least so much. */
  readonly unpriced: number;
}

function add(sum: number | undefined, value: number | undefined): number | undefined {
  return value === undefined ? sum : (sum ?? 0) + value;
}

function median(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  values.sort((left, right) => left - right);
  return values[Math.ceil(values.length / 2) - 1];
}

function sumOf(spans: readonly Span[], first: Span): NameSum {
  let errors = 0;
  let unpriced = 0;
  let longest = first;
  let selfSeconds: number | undefined;
  let criticalSeconds: number | undefined;
  let tokens: number | undefined;
  let usd: number | undefined;
  const durations: number[] = [];
  for (const span of spans) {
    if (span.status === 'failed') errors++;
    if (span.durationSeconds !== undefined && span.endNs !== undefined) {
      durations.push(span.durationSeconds);
      if (span.durationSeconds > (longest.durationSeconds ?? -1)) longest = span;
    }
    selfSeconds = add(selfSeconds, span.selfSeconds);
    criticalSeconds = add(criticalSeconds, span.criticalSeconds);
    if (!span.isCounted) continue;
    tokens = add(tokens, span.usage?.total);
    if (span.cost.kind === 'unpriced' || span.cost.kind === 'partial') unpriced++;
    if (span.cost.kind !== 'unpriced' && span.cost.kind !== 'nothing')
      usd = add(usd, span.cost.usd);
  }
  return {
    kind: first.kind,
    title: first.title,
    count: spans.length,
    ended: durations.length,
    totalSeconds: durations.reduce((sum, seconds) => sum + seconds, 0),
    longestSeconds: durations.length === 0 ? undefined : longest.durationSeconds,
    longestId: longest.id,
    medianSeconds: median(durations),
    errors,
    selfSeconds,
    criticalSeconds,
    tokens,
    usd,
    unpriced,
  };
}

/** Spans by kind and name, in the order in which the names first occur. */
export function sumByName(spans: Iterable<Span>): readonly NameSum[] {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    if (span.knownFrom === 'children') continue;
    const key = `${span.kind}\n${span.title}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [span]);
    else group.push(span);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [sumOf(group, first)];
  });
}

/** All of them together. */
export function sumOfAll(spans: readonly Span[]): NameSum | undefined {
  const known = spans.filter((span) => span.knownFrom !== 'children');
  const [first] = known;
  return first === undefined ? undefined : sumOf(known, first);
}
