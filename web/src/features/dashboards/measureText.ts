// SPDX-License-Identifier: Apache-2.0

import { absent, formatCompact, formatDuration, formatPercent, formatUsd } from '../../base/format';

/** A value of a measure, by its name: what costs is in dollars, what lasts in seconds. */
export function measureText(name: string, value: number | undefined): string {
  if (value === undefined) return absent;
  if (name.endsWith('cost')) return formatUsd(value);
  if (name.endsWith('duration')) return formatDuration(value);
  if (name.endsWith('rate')) return formatPercent(value);
  return formatCompact(value);
}

/** Where nothing happened, a sum is 0; a rate or a mean is not known. */
export function whatNothingIs(measure: string): number | undefined {
  return /rate$|^average_|^p\d+_/.test(measure) ? undefined : 0;
}
