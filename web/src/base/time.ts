// SPDX-License-Identifier: Apache-2.0
// Points in time are bigint nanoseconds since 1970 UTC; durations are numbers of seconds.

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

/** Nanoseconds of an RFC 3339 time with any offset; digits beyond the ninth are cut. */
export function parseTimestampNs(text: string): bigint | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = '',
    sign,
    offsetHours,
    offsetMinutes,
  ] = match;
  const millis = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (Number.isNaN(millis)) return undefined;
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000;
  const utcMillis = sign === '-' ? millis + offset : millis - offset;
  return BigInt(utcMillis) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}

/** Seconds from one point to another; exact to the nanosecond for spans of up to 100 days. */
export function secondsBetween(fromNs: bigint, toNs: bigint): number {
  return Number(toNs - fromNs) / 1e9;
}

export function nsToDate(ns: bigint): Date {
  return new Date(Number(ns / 1_000_000n));
}
