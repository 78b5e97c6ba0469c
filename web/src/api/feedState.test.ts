// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { refreshDelay, toFeedState } from './feedState';

const fresh = {
  isPaused: false,
  isSettled: false,
  hasFailed: false,
  updatedAt: 10_000,
  now: 11_000,
  intervalMs: 2000,
};

describe('toFeedState', () => {
  it.each([
    ['fresh data is live', {}, 'live'],
    ['three intervals old is still live', { now: 16_000 }, 'live'],
    ['older is behind', { now: 16_001 }, 'behind'],
    ['paused', { isPaused: true, now: 99_000 }, 'paused'],
    ['a failed attempt is offline', { hasFailed: true }, 'offline'],
    ['a failed attempt shows although paused', { hasFailed: true, isPaused: true }, 'offline'],
    ['a finished run is settled', { isSettled: true, now: 99_000 }, 'settled'],
    ['before the first answer', { updatedAt: 0 }, 'connecting'],
  ])('%s', (_name, change, expected) => {
    expect(toFeedState({ ...fresh, ...change })).toBe(expected);
  });
});

describe('refreshDelay', () => {
  it('waits four times as long as a slow answer took', () => {
    expect(refreshDelay(2000, 30)).toBe(2000);
    expect(refreshDelay(2000, 3000)).toBe(12_000);
  });
});
