// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseTraceSearch, unknownOfTrace } from './url';

describe('the address of a run', () => {
  it('keeps the span and a known tab', () => {
    expect(parseTraceSearch({ span: 'ab', tab: 'messages' })).toEqual({
      span: 'ab',
      tab: 'messages',
    });
  });

  it.each([
    ['all known', { span: 'ab', tab: 'messages', find: 'x' }, []],
    ['a tab that does not exist', { tab: 'secrets' }, ['tab=secrets']],
    ['a key that does not exist', { spam: 'ab', span: 'ab' }, ['spam=ab']],
    ['a key that was taken away', { spam: undefined }, []],
  ])('says what is not known: %s', (_name, search, expected) => {
    expect(unknownOfTrace(search)).toEqual(expected);
  });
});
