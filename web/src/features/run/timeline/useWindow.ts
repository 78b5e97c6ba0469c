// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { clampWindow, wholeWindow } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';
import { useFollowing } from '../following';
import type { RunState } from '../useRunState';
import { makeWindowStore } from './windowStore';
import type { WindowStore } from './windowStore';

/** The window that the views of a run share; it follows the address, and the address follows it. */
export function useWindowStore(state: RunState): WindowStore {
  const { range, setRange } = state;
  const [store] = useState(() => makeWindowStore(range));
  useEffect(() => store.connect(setRange), [store, setRange]);
  useEffect(() => store.take(range), [store, range]);
  return store;
}

/** What is seen now, and all that there is. Who looks at all of a run that grows sees it grow. */
export function useShownWindow(
  store: WindowStore,
  state: RunState,
): { readonly window: TimeWindow; readonly whole: TimeWindow } {
  const stored = useSyncExternalStore(store.subscribe, store.get);
  const whole = wholeWindow(state.scale);
  return { window: stored === undefined ? whole : clampWindow(stored, whole), whole };
}

/** While the newest step is followed, a part of the run that reached to its end moves along with it. */
export function useWindowFollow(store: WindowStore, state: RunState): void {
  const { isFollowing } = useFollowing();
  const { seconds } = state.scale;
  const before = useRef(seconds);
  useEffect(() => {
    const end = before.current;
    before.current = seconds;
    const window = store.get();
    if (!isFollowing || window === undefined || seconds <= end) return;
    const isAtEnd = window.to >= end - (window.to - window.from) * 0.02;
    if (isAtEnd) store.change({ from: window.from + seconds - end, to: window.to + seconds - end });
  }, [store, seconds, isFollowing]);
}
