// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useMemo, useRef } from 'react';
import { readPicks, togglePick } from '../../model/picks';
import { useAddress } from '../../parts/useAddress';

export interface Picks {
  readonly ids: readonly string[];
  /** The same function for as long as the page is open. */
  readonly toggle: (id: string) => void;
  readonly clear: () => void;
}

/** The runs that are ticked to be compared; they stand in the address. */
export function usePicks(): Picks {
  const { search, change } = useAddress();
  const ids = useMemo(() => readPicks(search['pick']), [search]);
  const latest = useRef({ ids, change });
  useEffect(() => {
    latest.current = { ids, change };
  });
  const toggle = useCallback((id: string) => {
    latest.current.change({ pick: togglePick(latest.current.ids, id) });
  }, []);
  const clear = useCallback(() => latest.current.change({ pick: undefined }), []);
  return useMemo(() => ({ ids, toggle, clear }), [ids, toggle, clear]);
}
