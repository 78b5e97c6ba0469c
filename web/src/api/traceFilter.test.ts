// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { traceListQuery } from './traceFilter';

const page = { limit: 50, cursor: undefined, nowMs: Date.UTC(2026, 2, 1, 12) };

describe('traceListQuery', () => {
  it('asks for everything without a filter', () => {
    expect(traceListQuery({}, page)).toBe('limit=50');
  });

  it('names every filter as the server does', () => {
    const filter = { status: 'failed', q: 'a b', has_error: 'true', user_id: 'u&1' } as const;
    expect(traceListQuery(filter, { ...page, cursor: 'c=1' })).toBe(
      'q=a+b&status=failed&has_error=true&user_id=u%261&limit=50&cursor=c%3D1',
    );
  });

  it('asks for another order than the usual one, with its cursor', () => {
    expect(traceListQuery({}, { ...page, sort: '-start' })).toBe('limit=50');
    expect(traceListQuery({ min_cost: '0.5' }, { ...page, sort: '-cost', cursor: 'c' })).toBe(
      'min_cost=0.5&limit=50&sort=-cost&cursor=c',
    );
  });

  it('turns a range into the time it began', () => {
    expect(traceListQuery({ t: '24h' }, page)).toBe(
      'start_time=2026-02-28T12%3A00%3A00.000Z&limit=50',
    );
  });
});
