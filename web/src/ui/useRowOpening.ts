// SPDX-License-Identifier: Apache-2.0

import { useEffect } from 'react';
import type { useRowAnchor } from './useRowAnchor';

/**
 * Lets a click anywhere in a row follow the link that the row has, without lying over its cells: their
 * texts can be selected and their titles read. Keys and screen readers use the link itself.
 */
export function useRowOpening(list: ReturnType<typeof useRowAnchor>, rowAttribute: string): void {
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
      // As a click on the link itself: with Ctrl it opens a tab.
      link.dispatchEvent(new MouseEvent('click', event));
    };
    element.addEventListener('click', onClick);
    return () => element.removeEventListener('click', onClick);
  }, [list, rowAttribute]);
}
