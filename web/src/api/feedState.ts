// SPDX-License-Identifier: Apache-2.0

import type { SocketStatus } from './feedSocket';

/**
 * How fresh a page is. `paused`: nobody asks; `offline`: the last attempt failed; `reconnecting`: the feed
 * is interrupted and the page asks at intervals instead; `behind`: news are waited for; `settled`: what is
 * shown does not change any more; `live` otherwise.
 */
export type FeedState =
  'connecting' | 'live' | 'behind' | 'paused' | 'reconnecting' | 'offline' | 'settled';

export interface FeedFacts {
  readonly isPaused: boolean;
  readonly isSettled: boolean;
  readonly hasFailed: boolean;
  readonly hasData: boolean;
  readonly socket: SocketStatus;
  /** Since when news are waited for that the server has announced; milliseconds since 1970. */
  readonly waitingSince: number | undefined;
  readonly now: number;
}

/** News usually take a moment; only after this long is the page behind. */
const behindAfterMs = 6000;

export function toFeedState(facts: FeedFacts): FeedState {
  if (facts.hasFailed) return 'offline';
  if (facts.isSettled) return 'settled';
  if (facts.isPaused) return 'paused';
  if (!facts.hasData) return 'connecting';
  if (facts.waitingSince !== undefined && facts.now - facts.waitingSince > behindAfterMs)
    return 'behind';
  switch (facts.socket) {
    case 'open':
      return 'live';
    case 'retrying':
      return 'reconnecting';
    case 'connecting':
    case 'off':
      return 'connecting';
  }
}
