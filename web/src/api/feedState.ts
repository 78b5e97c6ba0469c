// SPDX-License-Identifier: Apache-2.0

/**
 * How fresh a page is. `paused`: nobody asks; `offline`: the last attempt failed; `behind`: no news for
 * three intervals; `live` otherwise; `settled`: what is shown does not change any more.
 */
export type FeedState = 'connecting' | 'live' | 'behind' | 'paused' | 'offline' | 'settled';

export interface FeedFacts {
  readonly isPaused: boolean;
  readonly isSettled: boolean;
  readonly hasFailed: boolean;
  /** Milliseconds since 1970; 0 before the first answer. */
  readonly updatedAt: number;
  readonly now: number;
  readonly intervalMs: number;
}

const behindAfterIntervals = 3;

export function toFeedState(facts: FeedFacts): FeedState {
  if (facts.hasFailed) return 'offline';
  if (facts.isSettled) return 'settled';
  if (facts.isPaused) return 'paused';
  if (facts.updatedAt === 0) return 'connecting';
  return facts.now - facts.updatedAt > facts.intervalMs * behindAfterIntervals ? 'behind' : 'live';
}

/** The pause between two refreshes: never more than a fifth of the time is spent on them. */
export function refreshDelay(intervalMs: number, lastDurationMs: number): number {
  return Math.max(intervalMs, lastDurationMs * 4);
}
