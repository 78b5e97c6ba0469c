// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';

const pageKeyRows = 20;

/** How far a key moves among `count` rows; undefined for keys that do not move. */
function keyTarget(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return index + 1;
    case 'ArrowUp':
      return index - 1;
    case 'PageDown':
      return index + pageKeyRows;
    case 'PageUp':
      return index - pageKeyRows;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** Walks through rows by keys; the answer stays the same, so that rows need not be drawn anew for it. */
export function useRowKeys(count: number, goTo: (row: number) => void) {
  const latest = useRef({ count, goTo });
  useEffect(() => {
    latest.current = { count, goTo };
  });
  return useCallback((event: KeyboardEvent, index: number): void => {
    const last = latest.current.count - 1;
    const wanted = keyTarget(event.key, index, latest.current.count);
    if (wanted === undefined) return;
    event.preventDefault();
    latest.current.goTo(Math.min(last, Math.max(0, wanted)));
  }, []);
}
