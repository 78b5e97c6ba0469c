// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef } from 'react';
import type { useRowAnchor } from './useRowAnchor';

/**
 * Gives a row of a virtual list the focus as soon as it is drawn, which for a row far away is some
 * renders after the list was told to scroll there. Rows carry `data-index`.
 */
export function useRowFocus(list: ReturnType<typeof useRowAnchor>): (index: number) => void {
  const wanted = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = undefined;
    row.focus();
  });
  return (index) => {
    wanted.current = undefined;
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    if (!row) {
      wanted.current = index;
    } else {
      row.focus();
    }
  };
}
