// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { toFeedState } from './feedState';
import type { FeedFacts, FeedState } from './feedState';

const fresh: FeedFacts = {
  isPaused: false,
  isSettled: false,
  isOver: false,
  hasFailed: false,
  hasData: true,
  socket: 'open',
  waitingSince: undefined,
  now: 100_000,
};

describe('toFeedState', () => {
  it.each<[string, Partial<FeedFacts>, FeedState]>([
    ['an open feed is live', {}, 'live'],
    ['news that are being read are no reason to worry', { waitingSince: 94_000 }, 'live'],
    ['news that are not read in time are', { waitingSince: 93_999 }, 'behind'],
    ['a feed that is interrupted', { socket: 'retrying' }, 'reconnecting'],
    ['an answer that does not come', { socket: 'retrying', waitingSince: 1 }, 'behind'],
    ['paused', { isPaused: true, socket: 'off', waitingSince: 1 }, 'paused'],
    ['a failed attempt is offline', { hasFailed: true }, 'offline'],
    ['a failed attempt shows although paused', { hasFailed: true, isPaused: true }, 'offline'],
    ['a run that has just ended is not live', { isOver: true }, 'settling'],
    ['a finished run is settled', { isSettled: true, socket: 'off' }, 'settled'],
    ['before the first answer', { hasData: false }, 'connecting'],
    ['before the first message', { socket: 'connecting' }, 'connecting'],
    ['before the feed is asked for', { socket: 'off' }, 'connecting'],
  ])('%s', (_name, change, expected) => {
    expect(toFeedState({ ...fresh, ...change })).toBe(expected);
  });
});
