// SPDX-License-Identifier: Apache-2.0
// Figures as text. An absent figure is a dash, never a zero.

export const absent = '–';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const thin = '\u202f';

function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}

/** 850 µs, 12.3 ms, 1.23 s, 2 m 05 s, 3 h 07 m, 2 d 04 h. */
export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined) return absent;
  if (seconds < 0) return `−${formatDuration(-seconds)}`;
  if (seconds === 0) return `0${thin}ms`;
  if (seconds < 0.000_999_5) return `${fixed(seconds * 1e6, 0)}${thin}µs`;
  const millis = seconds * 1e3;
  if (millis < 9.95) return `${fixed(millis, 1)}${thin}ms`;
  if (millis < 999.5) return `${fixed(millis, 0)}${thin}ms`;
  if (seconds < 9.995) return `${fixed(seconds, 2)}${thin}s`;
  if (seconds < 59.95) return `${fixed(seconds, 1)}${thin}s`;
  return formatLongDuration(Math.round(seconds));
}

function pair(major: number, majorUnit: string, minor: number, minorUnit: string): string {
  return `${major}${thin}${majorUnit} ${String(minor).padStart(2, '0')}${thin}${minorUnit}`;
}

function formatLongDuration(seconds: number): string {
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  const hours = Math.floor(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** 1,234,567; "many" for Infinity. */
export function formatCount(count: number | undefined): string {
  if (count === Infinity) return 'many';
  return count === undefined ? absent : grouped.format(count);
}

/** 987, 12.3k, 4.56M: three figures, for narrow columns. */
export function formatCompact(count: number | undefined): string {
  if (count === undefined) return absent;
  const size = Math.abs(count);
  if (size < 10_000) return grouped.format(count);
  if (size < 99_950) return `${fixed(count / 1e3, 1)}k`;
  if (size < 999_500) return `${fixed(count / 1e3, 0)}k`;
  if (size < 9_995_000) return `${fixed(count / 1e6, 2)}M`;
  if (size < 99_950_000) return `${fixed(count / 1e6, 1)}M`;
  if (size < 999_500_000) return `${fixed(count / 1e6, 0)}M`;
  return `${fixed(count / 1e9, 2)}G`;
}

/** $12.34, $0.0123, $0.00042, <$0.00001; exactly 0 is $0.00. */
export function formatUsd(usd: number): string {
  if (usd < 0) return `−${formatUsd(-usd)}`;
  if (usd === 0) return '$0.00';
  if (usd < 0.00001) return '<$0.00001';
  if (usd < 0.000995) return `$${fixed(usd, 5)}`;
  if (usd < 0.0995) return `$${fixed(usd, 4)}`;
  if (usd < 9.995) return `$${fixed(usd, 3)}`;
  if (usd < 999.995) return `$${fixed(usd, 2)}`;
  return `$${grouped.format(usd)}`;
}

export function formatPercent(percent: number | undefined): string {
  if (percent === undefined) return absent;
  return Number.isInteger(percent) ? `${percent}${thin}%` : `${fixed(percent, 1)}${thin}%`;
}

export function formatRate(perUnit: number | undefined): string {
  if (perUnit === undefined) return absent;
  return perUnit !== 0 && Math.abs(perUnit) < 10 ? fixed(perUnit, 1) : formatCompact(perUnit);
}

/** 1.2 KB, 3.4 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}${thin}B`;
  if (bytes < 1024 * 1024) return `${fixed(bytes / 1024, 1)}${thin}KB`;
  return `${fixed(bytes / (1024 * 1024), 1)}${thin}MB`;
}

/** "1 span", "2 spans". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped.format(count)} ${count === 1 ? one : many}`;
}
