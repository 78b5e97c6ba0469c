// SPDX-License-Identifier: Apache-2.0

import type { Aggregate, AggregateGroup } from '../../model/aggregate';
import type { PanelQuery } from '../../model/dashboard';
import { keysOf } from '../../model/panelQuery';
import { seriesColour, seriesCount } from '../../parts/seriesColour';

export function seriesShown(query: PanelQuery, sums: Aggregate): readonly AggregateGroup[] {
  return sums.groups.slice(0, Math.min(seriesCount, query.limit ?? seriesCount));
}

const statusColours: Readonly<Record<string, string>> = {
  completed: 'var(--ok)',
  failed: 'var(--error)',
  running: 'var(--running)',
  cancelled: 'var(--quiet)',
  abandoned: 'var(--warn)',
};

/** Statuses have the colours that they have everywhere. */
export function statusColour(query: PanelQuery, group: AggregateGroup): string | undefined {
  const [key, ...more] = keysOf(query);
  if (key !== 'status' || more.length > 0) return undefined;
  return statusColours[group.keys['status'] ?? ''];
}

/** Other groups take theirs in turn. */
export function groupColour(query: PanelQuery, group: AggregateGroup, index: number): string {
  return statusColour(query, group) ?? seriesColour(index);
}
