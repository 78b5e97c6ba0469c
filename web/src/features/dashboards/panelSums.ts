// SPDX-License-Identifier: Apache-2.0

import { bucketTimes } from '../../model/aggregate';
import type { Aggregate, AggregateGroup } from '../../model/aggregate';
import type { Panel, PanelQuery } from '../../model/dashboard';
import { keysOf } from '../../model/panelQuery';
import { texts, valueName } from './texts';

/** A panel with what it asked and the answer. */
export interface PanelSums {
  readonly panel: Panel;
  readonly query: PanelQuery;
  /** Those of the question, with the values of variables in them. */
  readonly filters: Readonly<Record<string, string>>;
  readonly sums: Aggregate;
}

export function nameOf(group: AggregateGroup, query: PanelQuery): string {
  const names = keysOf(query).map((key) => valueName(group.keys[key]));
  return names.length === 0 ? texts.total : names.join(' · ');
}

const daySeconds = 86_400;

/** The steps of time of an answer, from the first that has something in it. */
export function timesOf(sums: Aggregate): readonly bigint[] {
  const first = sums.groups
    .flatMap((group) => group.points.slice(0, 1))
    .reduce((least, { timeNs }) => (timeNs < least ? timeNs : least), sums.period.endNs);
  return bucketTimes(sums.period, sums.bucketSeconds ?? daySeconds).filter((time) => time >= first);
}

export function seconds(timeNs: bigint): number {
  return Number(timeNs / 1_000_000_000n);
}

/** A value for each of the times; `nothing` where the group has none. */
export function valuesAt(
  group: AggregateGroup,
  times: readonly bigint[],
  measure: string,
  nothing: number | undefined,
): readonly (number | undefined)[] {
  const byTime = new Map(group.points.map(({ timeNs, values }) => [timeNs, values[measure]]));
  return times.map((time) => byTime.get(time) ?? nothing);
}

/** Pixels of a panel that its drawing has: all but the head, the legend and the edges. */
export function drawingHeight(panel: Panel, others: number): number {
  const { h } = panel.position;
  return Math.max(72, h * rowPixels + (h - 1) * gapPixels - others);
}

/** The height of a row of the grid and of what is between two; the style sheet has the same numbers. */
export const rowPixels = 60;
export const gapPixels = 8;
