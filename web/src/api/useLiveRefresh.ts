// SPDX-License-Identifier: Apache-2.0
// Keeps one query fresh. It polls today; a push feed replaces the inside and not its users.

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { refreshDelay, toFeedState } from './feedState';
import type { FeedState } from './feedState';

/** What the hook needs of a query; TanStack's results have it all. */
export interface Refreshable {
  readonly dataUpdatedAt: number;
  readonly isError: boolean;
  readonly isRefetchError: boolean;
  readonly refetch: (options: { cancelRefetch: boolean }) => Promise<unknown>;
}

export interface LiveFeed {
  readonly state: FeedState;
  readonly intervalMs: number;
  readonly updatedAt: number;
  readonly togglePause: () => void;
  readonly isPausedByUser: boolean;
}

export interface LiveOptions {
  readonly intervalMs: number;
  /** True once what is shown cannot change any more. */
  readonly isSettled?: boolean;
}

function subscribeVisibility(onChange: () => void): () => void {
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}

function useIsVisible(): boolean {
  return useSyncExternalStore(subscribeVisibility, () => document.visibilityState === 'visible');
}

/** The time, moved on once a second, so that "behind" shows although nothing arrives. */
function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Refetches while `isActive`: at once if the data is old, then a pause after each attempt has ended. */
function usePolling(query: Refreshable, intervalMs: number, isActive: boolean): void {
  const { refetch, dataUpdatedAt } = query;
  const updatedAt = useRef(dataUpdatedAt);
  useEffect(() => {
    updatedAt.current = dataUpdatedAt;
  }, [dataUpdatedAt]);
  useEffect(() => {
    if (!isActive) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isStopped = false;
    const schedule = (delay: number): void => {
      timer = setTimeout(() => {
        const startedAt = performance.now();
        void refetch({ cancelRefetch: false }).finally(() => {
          if (!isStopped) schedule(refreshDelay(intervalMs, performance.now() - startedAt));
        });
      }, delay);
    };
    schedule(Date.now() - updatedAt.current > intervalMs ? 0 : intervalMs);
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }, [refetch, intervalMs, isActive]);
}

export function useLiveRefresh(query: Refreshable, options: LiveOptions): LiveFeed {
  const { intervalMs, isSettled = false } = options;
  const [isPausedByUser, setPausedByUser] = useState(false);
  const isVisible = useIsVisible();
  const now = useSeconds();
  const isPaused = isPausedByUser || !isVisible;
  usePolling(query, intervalMs, !isPaused && !isSettled);
  const state = toFeedState({
    isPaused,
    isSettled,
    hasFailed: query.isError || query.isRefetchError,
    updatedAt: query.dataUpdatedAt,
    now,
    intervalMs,
  });
  const togglePause = useCallback(() => setPausedByUser((isPausedNow) => !isPausedNow), []);
  return { state, intervalMs, updatedAt: query.dataUpdatedAt, togglePause, isPausedByUser };
}
