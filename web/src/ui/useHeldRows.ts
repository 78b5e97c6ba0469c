// SPDX-License-Identifier: Apache-2.0

import { useEffect, useMemo, useState } from 'react';
import { holdRows } from './holdRows';
import type { HeldRows } from './holdRows';
import type { useRowAnchor } from './useRowAnchor';

/** Whether a reader is at a list: the pointer or the focus is in it, or it is scrolled down. */
function useIsRead(list: ReturnType<typeof useRowAnchor>): boolean {
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    let isPointed = false;
    const look = (): void =>
      setRead(isPointed || element.scrollTop > 0 || element.contains(document.activeElement));
    const onEnter = (): void => {
      isPointed = true;
      look();
    };
    const onLeave = (): void => {
      isPointed = false;
      look();
    };
    // After the focus has moved to whatever it moves to.
    const onFocusOut = (): void => queueMicrotask(look);
    element.addEventListener('pointerenter', onEnter);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('focusin', look);
    element.addEventListener('focusout', onFocusOut);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      element.removeEventListener('pointerenter', onEnter);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('focusin', look);
      element.removeEventListener('focusout', onFocusOut);
      element.removeEventListener('scroll', look);
    };
  }, [list]);
  return isRead;
}

/** Rows that do not move while they are read. `release` shows what has come. */
export function useHeldRows<Row>(
  list: ReturnType<typeof useRowAnchor>,
  latest: readonly Row[],
  idOf: (row: Row) => string,
): HeldRows<Row> & { readonly release: () => void } {
  const isRead = useIsRead(list);
  const [held, setHeld] = useState<readonly Row[]>();
  if (isRead && held === undefined) setHeld(latest);
  if (!isRead && held !== undefined) setHeld(undefined);
  const shown = useMemo(
    () => (held === undefined ? { rows: latest, fresh: 0 } : holdRows(held, latest, idOf)),
    [held, latest, idOf],
  );
  return { ...shown, release: () => setHeld(latest) };
}
