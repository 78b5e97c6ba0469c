// SPDX-License-Identifier: Apache-2.0

import { useLayoutEffect, useRef } from 'react';

/**
 * Keeps what is being read in place when rows arrive above it: scrolled down, the first visible row
 * stays where it is; at the top, new rows come into view. The answer goes to the scrolling element.
 */
export function useRowAnchor(ids: readonly string[], rowHeight: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ readonly id: string; readonly index: number }>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const held = anchor.current;
    if (held !== undefined && element.scrollTop > 0 && ids[held.index] !== held.id) {
      const index = ids.indexOf(held.id);
      if (index >= 0) element.scrollTop += (index - held.index) * rowHeight;
    }
    const remember = (): void => {
      const index = Math.floor(element.scrollTop / rowHeight);
      const id = ids[index];
      anchor.current = id === undefined ? undefined : { id, index };
    };
    remember();
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [ids, rowHeight]);
  return scroller;
}
