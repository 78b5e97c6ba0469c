// SPDX-License-Identifier: Apache-2.0

import { useLayoutEffect, useRef } from 'react';
import type { useRowAnchor } from './useRowAnchor';

/** Another list begins at its top; the first one may have been left further down. */
export function useTopOfList(
  scroller: ReturnType<typeof useRowAnchor>,
  listKey: string | undefined,
): void {
  const shown = useRef(listKey);
  useLayoutEffect(() => {
    if (shown.current === listKey) return;
    shown.current = listKey;
    scroller.current?.scrollTo({ top: 0 });
  }, [scroller, listKey]);
}
