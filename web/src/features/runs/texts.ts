// SPDX-License-Identifier: Apache-2.0
// What the list of runs says.

import { describePart } from '../../model/filterFields';
import type { FilterPart } from '../../model/filterFields';

export const texts = {
  facets: 'Narrow by',
  facetsToggle: 'Facets',
  /** Of a search that stopped, the newest first. */
  searchedFrom: (day: string): string => `messages searched back to ${day}`,
  facetsTitle: 'Values that the runs have, with counts (F)',
  firstTitle: 'Send your first run',
  waiting: 'Nothing has arrived yet. The first run lights up here within a moment.',
  arrived: 'It has arrived:',
  showList: 'Show the list',
  twoLines: 'Two lines: what was asked and what came back',
  compare: 'Compare',
  compareTitle: 'Compare the two ticked runs step by step (C)',
  compareCommand: 'Compare the two ticked runs',
  pickTitle: 'Tick two runs to compare them: in the list, or with Space on a run',
  unpick: 'Take the ticks away',
  picked: 'Ticked for a comparison',
  pick: 'Tick for a comparison',
  durationRange: 'Duration, seconds',
  costRange: 'Cost, dollars',
  runsOverTime: 'Runs over time, by status',
} as const;

/** The name of the tick of a run. */
export function pickLabel(name: string): string {
  return `Compare ${name}`;
}

/** That counts are of more runs than the list has, and why. */
export function wideCounts(parts: readonly FilterPart[]): string | undefined {
  if (parts.length === 0) return undefined;
  return `Counted without ${parts.map(describePart).join(', ')}`;
}
