// SPDX-License-Identifier: Apache-2.0

import { useLayoutEffect, useRef } from 'react';

/** Rows of one height, known by id. A new object says that rows may have moved. */
export interface AnchorRows {
  readonly idAt: (row: number) => string | undefined;
  /** -1 for what has no row. */
  readonly rowOf: (id: string) => number;
}

/**
 * Keeps what is being read in place when rows arrive above it: scrolled down, the first visible row
 * stays where it is; at the top, new rows come into view. The answer goes to the scrolling element.
 */
export function useRowAnchor(rows: AnchorRows, rowHeight: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ readonly id: string; readonly row: number }>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const held = anchor.current;
    if (held !== undefined && element.scrollTop > 0 && rows.idAt(held.row) !== held.id) {
      const row = rows.rowOf(held.id);
      if (row >= 0) element.scrollTop += (row - held.row) * rowHeight;
    }
    const remember = (): void => {
      const row = Math.floor(element.scrollTop / rowHeight);
      const id = rows.idAt(row);
      anchor.current = id === undefined ? undefined : { id, row };
    };
    remember();
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [rows, rowHeight]);
  return scroller;
}
