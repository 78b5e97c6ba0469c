// SPDX-License-Identifier: Apache-2.0
// Points in time as text, all by one clock: that of the browser or UTC, whichever the reader chose.

import { absent } from './format';
import { nsToDate } from './time';

export const zones = ['local', 'utc'] as const;
export type Zone = (typeof zones)[number];

interface ClockTime {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The calendar of a zone: its offset is added, then everything is read as UTC. */
function clockTime(date: Date, zone: Zone): ClockTime {
  const shifted = new Date(date.getTime() + offsetMinutes(date, zone) * 60_000);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

/** Minutes east of UTC. */
function offsetMinutes(date: Date, zone: Zone): number {
  return zone === 'utc' ? 0 : -date.getTimezoneOffset();
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function formatOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

/** The zone as it is said once on a page: UTC, UTC+01:00. */
export function zoneLabel(zone: Zone, now: Date): string {
  const minutes = offsetMinutes(now, zone);
  return minutes === 0 ? 'UTC' : `UTC${formatOffset(minutes)}`;
}

/** The offset as a request carries it: +00:00, -03:30. */
export function offsetText(zone: Zone, now: Date): string {
  return formatOffset(offsetMinutes(now, zone));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 14:03:22 if it is today, 23 Nov 14:03 within the year, 2025-11-23 14:03 otherwise. */
export function formatMoment(ns: bigint | undefined, now: Date, zone: Zone): string {
  if (ns === undefined) return absent;
  const date = nsToDate(ns);
  if (Number.isNaN(date.getTime())) return absent;
  const at = clockTime(date, zone);
  const today = clockTime(now, zone);
  const clock = `${twoDigits(at.hour)}:${twoDigits(at.minute)}`;
  if (at.year !== today.year)
    return `${at.year}-${twoDigits(at.month + 1)}-${twoDigits(at.day)} ${clock}`;
  if (at.month !== today.month || at.day !== today.day)
    return `${at.day} ${months[at.month] ?? ''} ${clock}`;
  return `${clock}:${twoDigits(at.second)}`;
}

const dayMs = 86_400_000;

/** A mark on an axis: 14:00, or the day where it begins or marks are whole days apart. */
export function formatTick(ms: number, stepMs: number, zone: Zone): string {
  const at = clockTime(new Date(ms), zone);
  const isDay = stepMs >= dayMs || (at.hour === 0 && at.minute === 0);
  if (isDay) return `${at.day} ${months[at.month] ?? ''}`;
  return `${twoDigits(at.hour)}:${twoDigits(at.minute)}`;
}

/** A stretch of time: "23 Nov 14:00 – 14:05", "23 Nov" for a whole day, "23 Nov – 25 Nov" for some. */
export function formatStretch(fromMs: number, toMs: number, zone: Zone): string {
  const from = clockTime(new Date(fromMs), zone);
  const to = clockTime(new Date(toMs), zone);
  const day = (at: ClockTime): string => `${at.day} ${months[at.month] ?? ''}`;
  const time = (at: ClockTime): string => `${twoDigits(at.hour)}:${twoDigits(at.minute)}`;
  const isMidnight = (at: ClockTime): boolean => at.hour === 0 && at.minute === 0;
  if (isMidnight(from) && isMidnight(to)) {
    const last = clockTime(new Date(toMs - 1), zone);
    return day(from) === day(last) ? day(from) : `${day(from)} – ${day(last)}`;
  }
  const end = day(from) === day(to) ? time(to) : `${day(to)} ${time(to)}`;
  return `${day(from)} ${time(from)} – ${end}`;
}

/** The whole of it, as RFC 3339 with nanoseconds and the offset of the zone: for titles and copying. */
export function formatExactTime(ns: bigint, zone: Zone): string {
  const date = nsToDate(ns);
  if (Number.isNaN(date.getTime())) return `${ns} ns since 1970`;
  const minutes = offsetMinutes(date, zone);
  const shifted = new Date(date.getTime() + minutes * 60_000);
  const fraction = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const end = minutes === 0 ? 'Z' : formatOffset(minutes);
  return shifted.toISOString().replace(/\.\d{3}Z$/, `.${String(fraction).padStart(9, '0')}${end}`);
}
