// SPDX-License-Identifier: Apache-2.0

import { formatCount, formatPercent, plural } from '../../base/format';
import type { Sample } from '../../model/bottlenecks';

/** A share as percent with one decimal. */
export function percentOf(share: number | undefined): string {
  return formatPercent(share === undefined ? undefined : Math.round(share * 1000) / 10);
}

/** How many runs something was read from. */
export function sampleText({ runs, hasMore, goingOn }: Sample): string {
  const newest = hasMore ? `the newest ${plural(runs, 'run')}` : plural(runs, 'run');
  return `of ${newest}${goingOn > 0 ? `, without ${formatCount(goingOn)} that go on` : ''}`;
}
