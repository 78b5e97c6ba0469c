// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import type { Variable } from '../../model/dashboard';
import type { RunFilter } from '../../model/filterFields';
import { periodSearch } from '../../model/period';
import type { SearchTexts } from '../../model/searchTexts';
import { useAddress } from '../../parts/useAddress';
import type { PanelScope } from './panelScope';

/** The key of the address that holds the value of a variable. */
export function variableKey(name: string): string {
  return `var_${name}`;
}

/** The change of an address that gives every variable its first value back. */
export function noValues(variables: readonly Variable[]): SearchTexts {
  return Object.fromEntries(variables.map(({ name }) => [variableKey(name), undefined]));
}

/** What the panels share: the time of the page, and variables with the values that the address gives them. */
export function usePanelScope(variables: readonly Variable[], time: RunFilter): PanelScope {
  const { search, scope, change, hold } = useAddress();
  const { isHeld } = hold;
  return useMemo(
    () => ({
      time,
      links: scope,
      isHeld,
      values: Object.fromEntries(
        variables.map(({ name, value }) => [name, search[variableKey(name)] ?? value]),
      ),
      chooseTime: (from, to) => change(periodSearch(from * 1000, to * 1000)),
    }),
    [variables, time, search, scope, change, isHeld],
  );
}
