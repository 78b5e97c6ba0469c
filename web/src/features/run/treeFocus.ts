// SPDX-License-Identifier: Apache-2.0
// What keeps the focus and the selected row of the tree in sight.

import { useEffect, useRef } from 'react';
import type { useRowAnchor } from '../../ui/useRowAnchor';

/** The value an attribute has on the element that was hit, or on the closest one around it. */
export function nearest(target: EventTarget, attribute: string): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest(`[${attribute}]`)?.getAttribute(attribute) ?? undefined;
}

/** When the details are closed, the focus that was in them goes to the rows and not to nothing. */
export function useFocusReturn(
  rows: ReturnType<typeof useRowAnchor>,
  selectedId: string | undefined,
): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    const isLost = document.activeElement === document.body;
    if (wasOpen.current && selectedId === undefined && isLost) rows.current?.focus();
    wasOpen.current = selectedId !== undefined;
  }, [rows, selectedId]);
}

/** Opens what the selected span is hidden in, once: what is collapsed after that stays so. */
export function useOpened(
  id: string | undefined,
  isThere: boolean,
  reveal: (id: string) => void,
): void {
  const latest = useRef(reveal);
  useEffect(() => {
    latest.current = reveal;
  });
  useEffect(() => {
    if (id !== undefined && isThere) latest.current(id);
  }, [id, isThere]);
}

/** Scrolls to the selected row when the selection changes or its row appears, not when others arrive. */
export function useRevealed(
  id: string | undefined,
  row: number,
  reveal: (row: number) => void,
): void {
  const latest = useRef({ row, reveal });
  useEffect(() => {
    latest.current = { row, reveal };
  });
  const isThere = row >= 0;
  useEffect(() => {
    if (id !== undefined && isThere) latest.current.reveal(latest.current.row);
  }, [id, isThere]);
}
