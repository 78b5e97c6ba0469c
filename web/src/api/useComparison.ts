// SPDX-License-Identifier: Apache-2.0

import { useQuery } from '@tanstack/react-query';
import { apiAddress } from './apiAddress';
import { decodeComparison } from './decodeComparison';
import { getJson } from './httpClient';

/** Two runs by their ids, or two baskets by filters of the list of runs as a query string. */
export function useComparison(a: string | undefined, b: string | undefined) {
  return useQuery({
    queryKey: ['comparison', a, b],
    queryFn: ({ signal }) => {
      const values = { a: a ?? '', b: b ?? '' };
      return getJson(apiAddress('/api/v1/observability/compare', values), decodeComparison, signal);
    },
    enabled: a !== undefined && b !== undefined,
  });
}
