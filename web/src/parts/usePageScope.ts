// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { readPageScope } from '../model/period';
import type { PageScope } from '../model/period';
import { useAddress } from './useAddress';

/** The time that a page of sums is about; `known` are the keys of the address that the page understands. */
export function usePageScope(usual: string, known: readonly string[]): PageScope {
  const { search } = useAddress();
  return useMemo(() => readPageScope(search, usual, known), [search, usual, known]);
}
