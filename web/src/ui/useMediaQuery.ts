// SPDX-License-Identifier: Apache-2.0

import { useCallback, useSyncExternalStore } from 'react';

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Where two things do not stand side by side; style sheets have the same number. */
export const narrowQuery = '(max-width: 860px)';

/** Where the pages do not all have room in one line. */
export const phoneQuery = '(max-width: 600px)';
