// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef } from 'react';
import type { useRowAnchor } from './useRowAnchor';

/**
 * Lets a click anywhere in a row follow the link that the row has, without lying over its cells: their
 * texts can be selected and their titles read. Keys and screen readers use the link itself.
 */
export function useRowOpening(
  list: ReturnType<typeof useRowAnchor>,
  rowAttribute: string,
  /** Takes the place of the link, for a plain click. */
  onPeek?: (id: string) => void,
): void {
  const peek = useRef(onPeek);
  useEffect(() => {
    peek.current = onPeek;
  });
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const onClick = (event: MouseEvent): void => {
      const { target } = event;
      if (event.defaultPrevented || !(target instanceof Element)) return;
      if (target.closest('a, button, input, summary') !== null) return;
      if (window.getSelection()?.isCollapsed === false) return;
      const link = target.closest(`[${rowAttribute}]`)?.querySelector('a');
      if (!link) return;
      link.focus({ preventScroll: true });
      const id = link.closest(`[${rowAttribute}]`)?.getAttribute(rowAttribute);
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (peek.current !== undefined && isPlain && id !== null && id !== undefined) {
        peek.current(id);
        return;
      }
      // As a click on the link itself: with Ctrl it opens a tab.
      link.dispatchEvent(new MouseEvent('click', event));
    };
    element.addEventListener('click', onClick);
    return () => element.removeEventListener('click', onClick);
  }, [list, rowAttribute]);
}
