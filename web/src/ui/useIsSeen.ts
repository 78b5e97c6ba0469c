// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState } from 'react';

/** True once an element has come near the part of the page that is seen, and from then on. */
export function useIsSeen<Box extends HTMLElement>() {
  const box = useRef<Box>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null || isSeen) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [isSeen]);
  return { box, isSeen };
}
