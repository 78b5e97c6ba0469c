// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatExactTime, formatMoment, formatStretch, formatTick, zoneLabel } from './clock';

const now = new Date('2026-11-23T22:00:00Z');
const setOffset = (minutes: number) =>
  vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(-minutes);

afterEach(() => vi.restoreAllMocks());

describe('formatMoment', () => {
  it.each([
    ['today', 1_795_471_402_000_000_000n, '22:03:22'],
    ['this year', 1_790_000_000_000_000_000n, '21 Sep 14:13'],
    ['another year', 1_700_000_000_000_000_000n, '2023-11-14 22:13'],
    ['absent', undefined, '–'],
  ])('%s', (_name, ns, expected) => {
    expect(formatMoment(ns, now, 'utc')).toBe(expected);
  });

  it('has another day where midnight has passed', () => {
    setOffset(120);
    expect(formatMoment(1_795_471_402_000_000_000n, now, 'local')).toBe('00:03:22');
    expect(formatMoment(1_795_465_000_000_000_000n, now, 'local')).toBe('23 Nov 22:16');
    expect(formatMoment(1_795_471_402_000_000_000n, now, 'utc')).toBe('22:03:22');
  });
});

describe('formatExactTime', () => {
  const ns = 1_767_323_045_123_456_789n;

  it('keeps nanoseconds', () => {
    expect(formatExactTime(ns, 'utc')).toBe('2026-01-02T03:04:05.123456789Z');
  });

  it('says the offset of the zone that the clock on the page has', () => {
    setOffset(-210);
    expect(formatExactTime(ns, 'local')).toBe('2026-01-01T23:34:05.123456789-03:30');
    expect(zoneLabel('local', now)).toBe('UTC-03:30');
    expect(zoneLabel('utc', now)).toBe('UTC');
  });
});

describe('formatTick', () => {
  const hour = 3_600_000;
  const noon = Date.parse('2026-11-23T12:05:00Z');
  const midnight = Date.parse('2026-11-23T00:00:00Z');
  it.each([
    ['a time of day', noon, hour, '12:05'],
    ['the day where it begins', midnight, hour, '23 Nov'],
    ['the day where marks are days', noon, 24 * hour, '23 Nov'],
  ])('is %s', (_name, ms, step, expected) => expect(formatTick(ms, step, 'utc')).toBe(expected));
});

describe('formatStretch', () => {
  it.each([
    ['part of a day', '2026-11-23T12:00:00Z', '2026-11-23T12:05:00Z', '23 Nov 12:00 – 12:05'],
    [
      'over midnight',
      '2026-11-23T23:00:00Z',
      '2026-11-24T01:00:00Z',
      '23 Nov 23:00 – 24 Nov 01:00',
    ],
    [
      'up to midnight',
      '2026-11-23T23:00:00Z',
      '2026-11-24T00:00:00Z',
      '23 Nov 23:00 – 24 Nov 00:00',
    ],
    ['a day', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', '23 Nov'],
    ['days', '2026-11-23T00:00:00Z', '2026-11-26T00:00:00Z', '23 Nov – 25 Nov'],
  ])('is %s', (_name, from, to, expected) =>
    expect(formatStretch(Date.parse(from), Date.parse(to), 'utc')).toBe(expected),
  );
});
