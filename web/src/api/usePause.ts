// SPDX-License-Identifier: Apache-2.0

import { useSyncExternalStore } from 'react';
import type { Hold } from '../model/feedState';

export interface Pause {
  /** By the reader, or because nobody can see the page. */
  readonly isPaused: boolean;
  readonly isPausedByUser: boolean;
  readonly togglePause: () => void;
}

function subscribeVisibility(onChange: () => void): () => void {
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}

export function usePause(hold: Hold): Pause {
  const isVisible = useSyncExternalStore(
    subscribeVisibility,
    () => document.visibilityState === 'visible',
  );
  return {
    isPaused: hold.isHeld || !isVisible,
    isPausedByUser: hold.isHeld,
    togglePause: hold.toggle,
  };
}
