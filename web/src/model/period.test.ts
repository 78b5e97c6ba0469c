// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  describeStretch,
  periodBefore,
  periodOf,
  periodSearch,
  readPageScope,
  stepFor,
} from './period';

const now = Date.parse('2026-11-23T12:00:00Z');
const hour = 3_600_000;

describe('readPageScope', () => {
  it('takes the usual time where none is asked for, and says it in links', () => {
    const scope = readPageScope({}, '24h');
    expect(scope).toMatchObject({ isChosen: false, isHeld: false, problems: [] });
    expect(scope.links).toEqual({ t: '24h' });
    expect(describeStretch(scope.stretch)).toBe('last 24 hours');
  });
  it('takes what is asked for', () => {
    const scope = readPageScope({ t: '3h', hold: '1' }, '24h');
    expect(scope).toMatchObject({ isChosen: true, isHeld: true, problems: [] });
    expect(scope.links).toEqual({ t: '3h', hold: '1' });
    expect(periodOf(scope.stretch, now)).toEqual({ fromMs: now - 3 * hour, toMs: now });
  });
  it.each([
    ['a key that the page does not know', { status: 'failed' }, 'status'],
    ['a time that is none', { t: 'banana' }, 't'],
    ['two times', { t: '1h', from: '2026-11-23T10:00:00Z' }, 't'],
  ])('has a problem with %s', (_name, search, key) => {
    expect(readPageScope(search, '24h').problems.map((problem) => problem.key)).toEqual([key]);
  });
  it('has none with keys of the page', () => {
    expect(readPageScope({ view: 'path' }, '24h', ['view']).problems).toEqual([]);
  });
});

describe('periodOf', () => {
  it.each([
    ['47h', now + 20 * 60_000 - 47 * hour],
    ['48h', now - 48 * hour],
    ['30d', now - 720 * hour],
  ])('goes %s back, with a whole hour where that is long', (t, fromMs) => {
    const moment = now + 20 * 60_000;
    const { stretch } = readPageScope({ t }, '24h');
    expect(periodOf(stretch, moment)).toEqual({ fromMs, toMs: moment });
  });
  const fixed = (search: Record<string, string>) =>
    periodOf(readPageScope(search, '24h').stretch, now);
  it.each([
    ['ends now without an end', { from: '2026-11-23T10:00:00Z' }, now - 2 * hour, now],
    [
      'ends where it says',
      { from: '2026-11-23T10:00:00Z', to: '2026-11-23T11:00:00Z' },
      now - 2 * hour,
      now - hour,
    ],
    ['is thirty days without a beginning', { to: '2026-11-23T12:00:00Z' }, now - 720 * hour, now],
    ['is never longer than a year', { from: '2020-01-01T00:00:00Z' }, now - 366 * 24 * hour, now],
    ['never ends before it begins', { from: '2026-11-24T00:00:00Z' }, now - 1000, now],
  ])('%s', (_name, search, fromMs, toMs) => expect(fixed(search)).toEqual({ fromMs, toMs }));

  it('has one of the same length before', () => {
    expect(periodBefore({ fromMs: 100, toMs: 130 })).toEqual({ fromMs: 70, toMs: 100 });
  });
});

describe('stepFor', () => {
  it.each([
    [1, 60, 60],
    [24, 60, 1800],
    [24, 24, 3600],
    [168, 60, 10_800],
    [720, 30, 86_400],
    [366 * 24, 10, 2_592_000],
  ])('%s hours in %s steps', (hours, wanted, seconds) => {
    expect(stepFor({ fromMs: now - hours * hour, toMs: now }, wanted)).toBe(seconds);
  });
});

describe('periodSearch', () => {
  it('replaces a time that goes along with now', () => {
    expect(periodSearch(now - hour, now)).toEqual({
      t: undefined,
      from: '2026-11-23T11:00:00.000Z',
      to: '2026-11-23T12:00:00.000Z',
    });
  });
});
