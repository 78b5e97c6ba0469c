// SPDX-License-Identifier: Apache-2.0

import { useRouterState } from '@tanstack/react-router';
import { useLayoutEffect, useRef } from 'react';
import type { useRowAnchor } from './useRowAnchor';

interface ListPlace {
  /** Pixels scrolled down. */
  readonly top: number;
  /** The row that was opened. */
  readonly openId: string | undefined;
}

/** Where lists were left, by their address, as long as the page is not loaded anew. */
const places = new Map<string, ListPlace>();
const mostPlaces = 50;

function rememberPlace(address: string, place: ListPlace): void {
  places.delete(address);
  places.set(address, place);
  const [oldest] = places.keys();
  if (places.size > mostPlaces && oldest !== undefined) places.delete(oldest);
}

/** Coming back from a run, the list is where it was, with the focus on the run that was open. */
export function useListPlace(
  scroller: ReturnType<typeof useRowAnchor>,
  rowOf: (id: string) => number,
  focusRow: (row: number) => void,
): void {
  const address = useRouterState({ select: (state) => state.location.href });
  const latest = useRef({ rowOf, focusRow });
  useLayoutEffect(() => {
    latest.current = { rowOf, focusRow };
  });
  useLayoutEffect(() => {
    const list = scroller.current;
    if (list === null) return undefined;
    const place = places.get(address);
    if (place !== undefined) {
      list.scrollTo({ top: place.top });
      const row = place.openId === undefined ? -1 : latest.current.rowOf(place.openId);
      if (row >= 0) latest.current.focusRow(row);
      places.delete(address);
    }
    return () => {
      const openId = document.activeElement?.closest('[data-run]')?.getAttribute('data-run');
      rememberPlace(address, { top: list.scrollTop, openId: openId ?? undefined });
    };
  }, [scroller, address]);
}
