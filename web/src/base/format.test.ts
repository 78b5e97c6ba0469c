// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatPercent,
  formatUsd,
  plural,
} from './format';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('formatDuration', () => {
  it.each([
    [undefined, '–'],
    [0, '0 ms'],
    [0.00085, '850 µs'],
    [0.0012, '1.2 ms'],
    [0.0999, '100 ms'],
    [0.9996, '1.00 s'],
    [1.234, '1.23 s'],
    [59.94, '59.9 s'],
    [59.96, '1 m 00 s'],
    [125, '2 m 05 s'],
    [11_220, '3 h 07 m'],
    [187_200, '2 d 04 h'],
    [-1.5, '−1.50 s'],
  ])('%s is %s', (seconds, expected) => {
    expect(plain(formatDuration(seconds))).toBe(expected);
  });
});

describe('figures', () => {
  it.each([
    [undefined, '–'],
    [0, '0'],
    [9_999, '9,999'],
    [12_345, '12.3k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [45_678_901, '45.7M'],
    [1_234_567_890, '1.23G'],
  ])('formatCompact(%s) is %s', (count, expected) => {
    expect(formatCompact(count)).toBe(expected);
  });

  it('formatCount groups thousands and keeps absent apart from zero', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatCount(0)).toBe('0');
    expect(formatCount(undefined)).toBe('–');
    expect(formatCount(Infinity)).toBe('many');
  });

  it.each([
    [0, '$0.00'],
    [0.000001, '<$0.00001'],
    [0.00042, '$0.00042'],
    [0.0123, '$0.0123'],
    [0.5, '$0.500'],
    [12.345, '$12.35'],
    [1234.5, '$1,235'],
    [-2, '−$2.000'],
  ])('formatUsd(%s) is %s', (usd, expected) => {
    expect(formatUsd(usd)).toBe(expected);
  });

  it('formatPercent shows one decimal where there is one', () => {
    expect(plain(formatPercent(99.25))).toBe('99.3 %');
    expect(plain(formatPercent(100))).toBe('100 %');
    expect(formatPercent(undefined)).toBe('–');
  });

  it('formatBytes and plural', () => {
    expect(plain(formatBytes(16_384))).toBe('16.0 KB');
    expect(plural(1, 'span')).toBe('1 span');
    expect(plural(50_000, 'span')).toBe('50,000 spans');
  });
});
