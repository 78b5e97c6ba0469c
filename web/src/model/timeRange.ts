// SPDX-License-Identifier: Apache-2.0
// A stretch of time that ends now, as it stands in an address: 30m, 24h, 7d.

const secondsOf = { m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof secondsOf;
const longestSeconds = 3660 * 86_400;

function isUnit(text: string | undefined): text is Unit {
  return text !== undefined && text in secondsOf;
}

/** Its length in seconds; undefined for what is no such range. */
export function readTimeRange(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === undefined || !isUnit(unit)) return undefined;
  const seconds = Number(count) * secondsOf[unit];
  return seconds > 0 && seconds <= longestSeconds ? seconds : undefined;
}
