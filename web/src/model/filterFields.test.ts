// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { describePart, filterParts, isFiltered, parseFilter } from './filterFields';

describe('parseFilter', () => {
  it.each([
    ['status', 'failed'],
    ['q', 'a: b & c'],
    ['user_id', 'dana@example.test'],
    ['has_error', 'false'],
    ['min_duration', '0.5'],
    ['min_cost', '0.05'],
    ['max_cost', '0'],
    ['min_tokens', '1000'],
    ['t', '24h'],
    ['from', '2026-03-01T12:00:00Z'],
    ['to', '2026-03-01T12:00:00.5+01:00'],
  ])('takes %s=%s', (key, value) => {
    expect(parseFilter({ [key]: value })).toEqual({ filter: { [key]: value }, problems: [] });
  });

  it.each([
    ['status', 'fail'],
    ['has_error', 'yes'],
    ['min_duration', 'long'],
    ['min_duration', '-1'],
    ['min_cost', 'much'],
    ['max_cost', '1000001'],
    ['min_tokens', '0.5'],
    ['t', 'today'],
    ['t', '0h'],
    ['from', 'yesterday'],
  ])('says that %s=%s is not understood', (key, value) => {
    const { filter, problems } = parseFilter({ [key]: value });
    expect(filter).toEqual({});
    expect(problems).toMatchObject([{ key, value, nearest: undefined }]);
  });

  it.each([
    ['user', 'user_id'],
    ['userid', 'user_id'],
    ['Status', 'status'],
    ['sesion_id', 'session_id'],
    ['zzzz', undefined],
  ])('finds what was meant by %s', (key, nearest) => {
    expect(parseFilter({ [key]: 'x' }).problems).toMatchObject([{ key, nearest }]);
  });

  it('leaves keys of the page alone and drops empty values', () => {
    expect(parseFilter({ sort: '-cost', q: '' }, ['sort'])).toEqual({ filter: {}, problems: [] });
  });

  it('takes one beginning of the time only', () => {
    const both = { t: '1h', from: '2026-03-01T12:00:00Z' };
    expect(parseFilter(both).problems).toMatchObject([{ key: 't' }]);
  });
});

describe('filterParts', () => {
  it('names each part in the order of the table', () => {
    const parts = filterParts({ agent: 'triage', status: 'failed', has_error: 'false' });
    expect(parts.map(describePart)).toEqual(['status failed', 'has no errors', 'agent triage']);
  });

  it('says amounts with their unit', () => {
    const parts = filterParts({ min_cost: '0.05', min_tokens: '1000' });
    expect(parts.map(describePart)).toEqual(['cost at least $0.05', 'tokens at least 1000']);
  });

  it('is empty without a filter', () => {
    expect(filterParts({})).toEqual([]);
    expect(isFiltered({ q: undefined })).toBe(false);
    expect(isFiltered({ q: 'x' })).toBe(true);
  });
});
