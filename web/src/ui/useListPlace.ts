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

function runOf(target: unknown): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest('[data-run]')?.getAttribute('data-run') ?? undefined;
}

/** Coming back from a run, the list is where it was, with the focus on the run that was open. */
export function useListPlace(
  scroller: ReturnType<typeof useRowAnchor>,
  rowOf: (id: string) => number,
  focusRow: (row: number) => void,
): void {
  // What is asked for, as going there and coming back may spell the address in two ways (`/` and `%2F`).
  const address = useRouterState({
    select: ({ location }) => location.pathname + JSON.stringify(location.search),
  });
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
    // The focus may have gone on to the page that was opened before this list is taken away.
    let openId: string | undefined;
    const onClick = ({ target }: MouseEvent): void => {
      openId = runOf(target);
    };
    list.addEventListener('click', onClick, { capture: true });
    return () => {
      list.removeEventListener('click', onClick, { capture: true });
      openId = runOf(document.activeElement) ?? openId;
      rememberPlace(address, { top: list.scrollTop, openId });
    };
  }, [scroller, address]);
}
