// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseListSearch, parseTraceSearch } from './url';

describe('parseListSearch', () => {
  it.each([
    ['nothing', {}, {}],
    [
      'all',
      {
        status: 'failed',
        agent: 'a',
        q: 'x',
        has_error: 'true',
        session_id: '12345678901234567890',
      },
      { status: 'failed', agent: 'a', q: 'x', has_error: true, session_id: '12345678901234567890' },
    ],
    ['an unknown status is no filter', { status: 'melting' }, {}],
    ['has_error=false is no filter', { has_error: 'false' }, {}],
    ['foreign keys are ignored', { utm_source: 'x' }, {}],
  ])('%s', (_name, search, expected) => {
    expect(parseListSearch(search)).toEqual(expected);
  });
});

describe('parseTraceSearch', () => {
  it('keeps the span and a known tab', () => {
    expect(parseTraceSearch({ span: 'ab', tab: 'messages' })).toEqual({
      span: 'ab',
      tab: 'messages',
    });
    expect(parseTraceSearch({ tab: 'secrets' })).toEqual({});
  });
});
