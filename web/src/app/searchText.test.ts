// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { formatSearchText, parseSearchText } from './searchText';

describe('search text', () => {
  it.each([
    [
      'digits stay text',
      { session_id: '12345678901234567890' },
      '?session_id=12345678901234567890',
    ],
    ['true is written, false is not', { has_error: true, other: false }, '?has_error=true'],
    ['absent and empty are left out', { q: undefined, agent: '' }, ''],
    ['any script', { q: '错误 &=' }, '?q=%E9%94%99%E8%AF%AF+%26%3D'],
  ])('%s', (_name, search, expected) => {
    expect(formatSearchText(search)).toBe(expected);
  });

  it('reads back what it wrote', () => {
    const search = { q: 'a b&c=d', session_id: '007' };
    expect(parseSearchText(formatSearchText(search))).toEqual(search);
  });
});
