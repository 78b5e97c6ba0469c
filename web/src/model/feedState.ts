// SPDX-License-Identifier: Apache-2.0

/** Of the connection that news come by. `retrying` lasts from a failure to the first message after it. */
export type SocketStatus = 'off' | 'connecting' | 'open' | 'retrying';

/**
 * How fresh a page is. `paused`: nobody asks; `offline`: the last attempt failed; `reconnecting`: the feed
 * is interrupted and the page asks at intervals instead; `behind`: news are waited for; `settling`: what is
 * shown is over, but late parts of it are still taken; `settled`: it does not change any more; `live` otherwise.
 */
export type FeedState =
  'connecting' | 'live' | 'behind' | 'paused' | 'reconnecting' | 'offline' | 'settling' | 'settled';

export interface FeedFacts {
  readonly isPaused: boolean;
  readonly isSettled: boolean;
  /** True once what is shown has ended, though it may not be settled yet. */
  readonly isOver: boolean;
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
      return facts.isOver ? 'settling' : 'live';
    case 'retrying':
      return 'reconnecting';
    case 'connecting':
    case 'off':
      return 'connecting';
  }
}

/** Whether the reader holds what is shown as it is; it stands in the address. */
export interface Hold {
  readonly isHeld: boolean;
  readonly toggle: () => void;
}

/** A feed as a page shows it, with the switch that holds it still. */
export interface LiveFeed {
  readonly facts: Omit<FeedFacts, 'now' | 'waitingSince'>;
  readonly waitingSince: () => number | undefined;
  readonly isPausedByUser: boolean;
  readonly togglePause: () => void;
}
