// SPDX-License-Identifier: Apache-2.0

import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { isHeld, scopeOf } from '../model/scope';
import { readSearch } from '../model/searchTexts';
import type { SearchTexts } from '../model/searchTexts';

export interface Address {
  readonly search: SearchTexts;
  /** What links to other pages take along. */
  readonly scope: SearchTexts;
  /** Typing and choosing replace the address; only going somewhere adds to the history. */
  readonly change: (change: SearchTexts) => void;
  readonly hold: { readonly isHeld: boolean; readonly toggle: () => void };
}

/** The same object as long as it says the same, so that what is made from it is not made anew. */
function useStable(value: SearchTexts): SearchTexts {
  const text = JSON.stringify(value);
  const [kept, setKept] = useState({ text, value });
  if (kept.text === text) return kept.value;
  setKept({ text, value });
  return value;
}

/** The query part of the address of this page, and how it is changed. */
export function useAddress(): Address {
  const raw = useRouterState({ select: (state) => state.location.search });
  const navigate = useNavigate();
  const search = useMemo(() => readSearch({ ...raw }), [raw]);
  const scope = useStable(scopeOf(search));
  const change = useCallback(
    (changed: SearchTexts) =>
      void navigate({
        to: '.',
        search: (before: SearchTexts) => ({ ...before, ...changed }),
        replace: true,
      }),
    [navigate],
  );
  return useMemo(
    () => ({
      search,
      change,
      scope,
      hold: {
        isHeld: isHeld(search),
        toggle: () => change({ hold: isHeld(search) ? undefined : '1' }),
      },
    }),
    [search, scope, change],
  );
}
