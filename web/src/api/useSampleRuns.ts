// SPDX-License-Identifier: Apache-2.0

import { useQueries } from '@tanstack/react-query';
import type { Run } from '../model/run';
import { apiAddress } from './apiAddress';
import { decodeRunPage } from './decodeTrace';
import { getJson } from './httpClient';

const staleMs = 60_000;

/** Some runs by their ids; each is asked for by itself, so they are few. */
export function useSampleRuns(traceIds: readonly string[]): {
  readonly runs: readonly Run[];
  readonly isPending: boolean;
  readonly error: string | undefined;
} {
  const answers = useQueries({
    queries: traceIds.map((traceId) => ({
      queryKey: ['sample run', traceId],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        getJson(
          apiAddress('/api/v1/observability/traces', { execution_id: traceId, limit: 1 }),
          decodeRunPage,
          signal,
        ),
      staleTime: staleMs,
    })),
  });
  return {
    runs: answers.flatMap(({ data }) => data?.runs ?? []),
    isPending: answers.some(({ isPending }) => isPending),
    error: answers.find(({ isError }) => isError)?.error?.message,
  };
}
