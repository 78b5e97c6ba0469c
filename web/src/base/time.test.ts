// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { nsToDate, parseTimestampNs, secondsBetween } from './time';

describe('parseTimestampNs', () => {
  it.each([
    ['whole seconds', '1970-01-01T00:00:01Z', 1_000_000_000n],
    ['nanoseconds survive', '2026-01-02T03:04:05.123456789Z', 1_767_323_045_123_456_789n],
    ['digits beyond the ninth are cut', '1970-01-01T00:00:00.1234567899Z', 123_456_789n],
    ['an offset is applied', '1970-01-01T02:00:00+02:00', 0n],
    ['a negative offset is applied', '1969-12-31T19:00:00-05:00', 0n],
    ['before 1970', '1969-12-31T23:59:59Z', -1_000_000_000n],
    ['year 2100', '2100-01-01T00:00:00Z', 4_102_444_800_000_000_000n],
    ['no zone is refused', '2026-01-02T03:04:05', undefined],
    ['words are refused', 'yesterday', undefined],
    ['empty is refused', '', undefined],
  ])('%s', (_name, text, expected) => {
    expect(parseTimestampNs(text)).toBe(expected);
  });
});

describe('differences and dates', () => {
  it('secondsBetween keeps nanoseconds', () => {
    expect(secondsBetween(1_767_323_045_000_000_000n, 1_767_323_046_000_000_001n)).toBe(
      1.000000001,
    );
  });

  it('nsToDate rounds to milliseconds', () => {
    expect(nsToDate(1_500_999_999n).getTime()).toBe(1500);
  });
});
