// SPDX-License-Identifier: Apache-2.0

import { useLayoutEffect, useState } from 'react';
import type { useRowAnchor } from './useRowAnchor';

/** How wide an element is, in pixels; before it is drawn, as wide as the window. */
export function useWidth(element: ReturnType<typeof useRowAnchor>): number {
  const [width, setWidth] = useState(() => window.innerWidth);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const measure = (): void => setWidth(box.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
