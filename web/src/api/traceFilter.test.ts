// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isFiltered, traceListQuery } from './traceFilter';

describe('traceListQuery', () => {
  it.each([
    ['no filter', {}, undefined, 'limit=100'],
    [
      'all filters',
      { status: 'failed', agent: 'a b', q: '错误', has_error: true, session_id: 's' },
      'c+/=',
      'status=failed&agent=a+b&q=%E9%94%99%E8%AF%AF&has_error=true&session_id=s&limit=100&cursor=c%2B%2F%3D',
    ],
    ['empty and false mean everything', { status: '', has_error: false }, undefined, 'limit=100'],
  ])('%s', (_name, filter, cursor, expected) => {
    expect(traceListQuery(filter, 100, cursor)).toBe(expected);
  });

  it('isFiltered ignores what means everything', () => {
    expect(isFiltered({ status: '', has_error: false, q: undefined })).toBe(false);
    expect(isFiltered({ q: 'x' })).toBe(true);
  });
});
