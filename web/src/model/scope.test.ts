// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isHeld, rangeChoices, scopeOf } from './scope';
import { readTimeRange } from './timeRange';

describe('scopeOf', () => {
  it('takes the time along and leaves filters behind', () => {
    const search = { t: '24h', hold: '1', status: 'failed', span: 'a', from: undefined };
    expect(scopeOf(search)).toEqual({ t: '24h', hold: '1' });
  });
});

describe('isHeld', () => {
  it('follows unless told otherwise', () => {
    expect(isHeld({})).toBe(false);
    expect(isHeld({ hold: '1' })).toBe(true);
  });
});

describe('rangeChoices', () => {
  it.each(rangeChoices)('$value is a range', ({ value }) => {
    expect(readTimeRange(value)).toBeGreaterThan(0);
  });
});
