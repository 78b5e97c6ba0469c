// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readSearch } from './searchTexts';

describe('readSearch', () => {
  it('keeps every key that has a text', () => {
    const search = {
      status: 'melting',
      user: 'x',
      session_id: '12345678901234567890',
      q: '',
      n: 1,
    };
    expect(readSearch(search)).toEqual({
      status: 'melting',
      user: 'x',
      session_id: '12345678901234567890',
    });
  });
});
