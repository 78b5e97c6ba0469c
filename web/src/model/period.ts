// SPDX-License-Identifier: Apache-2.0
// The stretch of time that a page of sums is about. Lists may show everything there is; a sum needs an end.

import { formatDuration } from '../base/format';
import type { FilterProblem } from './filterFields';
import { parseFilter } from './filterFields';
import { isHeld, rangeChoices, scopeKeys, scopeOf } from './scope';
import type { SearchTexts } from './searchTexts';
import { readTimeRange } from './timeRange';

/** `back`: so many seconds back from now. `fixed`: from one moment to another, or to now. */
export type Stretch =
  | { readonly kind: 'back'; readonly range: string; readonly seconds: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number | undefined };

export interface Period {
  readonly fromMs: number;
  /** Not part of it. */
  readonly toMs: number;
}

/** What an address says about time, and what it says that the page does not know. */
export interface PageScope {
  readonly stretch: Stretch;
  /** Of the time, in the address of any page: it says the same as `stretch`, also where nothing was asked for. */
  readonly links: SearchTexts;
  /** Whether the address asked for a time; else the stretch is the usual one of the page. */
  readonly isChosen: boolean;
  readonly isHeld: boolean;
  readonly problems: readonly FilterProblem[];
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const leastRoundedMs = 2 * dayMs;
/** The server does not look back further. */
const mostMs = 366 * dayMs;

function stretchOf(search: SearchTexts, usual: string): Stretch {
  const { t, from, to } = search;
  const toMs = to === undefined ? undefined : Date.parse(to);
  if (from !== undefined) return { kind: 'fixed', fromMs: Date.parse(from), toMs };
  if (toMs !== undefined) return { kind: 'fixed', fromMs: toMs - 30 * dayMs, toMs };
  const range = t ?? usual;
  return { kind: 'back', range, seconds: readTimeRange(range) ?? 86_400 };
}

/** Reads an address; `known` are the keys that the page itself understands. */
export function readPageScope(
  search: SearchTexts,
  usual: string,
  known: readonly string[] = [],
): PageScope {
  const times = Object.fromEntries(
    Object.entries(search).filter(([key]) => scopeKeys.some((name) => name === key)),
  );
  const { filter, problems } = parseFilter(times);
  const unknown = Object.entries(search).flatMap(([key, value]): FilterProblem[] => {
    if (value === undefined || key in times || known.includes(key)) return [];
    return [{ key, value, expected: 'something that this page knows', nearest: undefined }];
  });
  const isChosen = ['t', 'from', 'to'].some((key) => times[key] !== undefined);
  return {
    stretch: stretchOf({ t: filter.t, from: filter.from, to: filter.to }, usual),
    links: isChosen ? scopeOf(search) : { ...scopeOf(search), t: usual },
    isChosen,
    isHeld: isHeld(search),
    problems: [...problems, ...unknown],
  };
}

export function periodOf(stretch: Stretch, nowMs: number): Period {
  if (stretch.kind === 'back') {
    const fromMs = nowMs - stretch.seconds * 1000;
    // The server keeps sums of whole hours; a long stretch may begin a little earlier.
    const step = stretch.seconds * 1000 >= leastRoundedMs ? hourMs : 1;
    return { fromMs: Math.floor(fromMs / step) * step, toMs: nowMs };
  }
  const toMs = stretch.toMs ?? nowMs;
  return { fromMs: Math.max(Math.min(stretch.fromMs, toMs - 1000), toMs - mostMs), toMs };
}

/** The stretch of the same length before. */
export function periodBefore({ fromMs, toMs }: Period): Period {
  return { fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
}

/** "last 24 hours", "last 3 h 00 m". */
export function describeStretch(stretch: Stretch): string {
  if (stretch.kind === 'fixed') return 'time in the address';
  const choice = rangeChoices.find(({ value }) => value === stretch.range);
  return (choice?.label ?? `Last ${formatDuration(stretch.seconds)}`).toLowerCase();
}

const steps = [60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800] as const;

/** Seconds of a step of time, so that a period has about so many of them. */
export function stepFor({ fromMs, toMs }: Period, wanted: number): number {
  const ideal = (toMs - fromMs) / 1000 / wanted;
  return steps.find((step) => step >= ideal) ?? 2_592_000;
}

/** A time as it stands in an address. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

/** A stretch of time in the address of any page. */
export function periodSearch(fromMs: number, toMs: number): SearchTexts {
  return { t: undefined, from: timeText(fromMs), to: timeText(toMs) };
}
