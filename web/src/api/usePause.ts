// SPDX-License-Identifier: Apache-2.0

import { useCallback, useState, useSyncExternalStore } from 'react';

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

export function usePause(): Pause {
  const [isPausedByUser, setPausedByUser] = useState(false);
  const isVisible = useSyncExternalStore(
    subscribeVisibility,
    () => document.visibilityState === 'visible',
  );
  const togglePause = useCallback(() => setPausedByUser((isPausedNow) => !isPausedNow), []);
  return { isPaused: isPausedByUser || !isVisible, isPausedByUser, togglePause };
}
