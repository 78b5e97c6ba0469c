// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from 'react';
import type { useRowAnchor } from './useRowAnchor';

/** Whether a reader is at a list: the pointer or the focus is in it, or it is scrolled down. */
export function useIsRead(list: ReturnType<typeof useRowAnchor>): boolean {
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    let isPointed = false;
    // Whoever has just pressed a head waits for rows in its order.
    const hasFocus = (): boolean =>
      element.contains(document.activeElement) && !document.activeElement?.closest('thead');
    const look = (): void => setRead(isPointed || element.scrollTop > 0 || hasFocus());
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
