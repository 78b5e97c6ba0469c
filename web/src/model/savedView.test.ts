// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { describeQuery, findViews, viewPageAt, viewQuery, viewShown } from './savedView';

const view = (name: string, query: Readonly<Record<string, string>>) => ({
  id: name,
  name,
  page: 'runs',
  query,
  updatedAt: '2026-03-01T00:00:00Z',
});

describe('saved views', () => {
  it('are of pages that have an address of their own', () => {
    expect(viewPageAt('/runs')?.page).toBe('runs');
    expect(viewPageAt('/runs/1')).toBeUndefined();
  });
  it('keep filters, time and columns, and not what is open for the moment', () => {
    expect(viewQuery({ status: 'failed', t: '24h', run: '1', hold: '1', q: undefined })).toEqual({
      status: 'failed',
      t: '24h',
    });
  });
  it('are shown by an address that asks for the same, in any order', () => {
    const views = [view('All', {}), view('Failed', { t: '1h', status: 'failed' })];
    expect(viewShown(views, { status: 'failed', t: '1h', run: '7' })?.name).toBe('Failed');
    expect(viewShown(views, {})?.name).toBe('All');
    expect(viewShown(views, { status: 'failed' })).toBeUndefined();
  });
  it('are described and found', () => {
    expect(describeQuery({ status: 'failed', run: '1' })).toBe('status failed');
    expect(describeQuery({})).toBe('everything');
    expect(findViews([view('Failed', {}), view('All', {})], ' FAIL ')).toHaveLength(1);
  });
});
