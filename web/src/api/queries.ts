// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunFilter } from '../model/filterFields';
import { compareFailures } from '../model/health';
import type { Run } from '../model/run';
import { decodeOutcomes, decodeOverview } from './decodeOverview';
import { decodeRunPage } from './decodeTrace';
import { getJson, getText } from './httpClient';
import { traceListQuery } from './traceFilter';
import type { QueryName } from './wire';

const root = '/api/v1/observability';
const pageSize = 100;
const hourMs = 3_600_000;
const failureRateMs = 30_000;
/** So long a list is kept for those who come back to it. */
const listGcMs = 600_000;
const fetchRunTimeoutMs = 15_000;

export const overviewKey = ['overview'] as const;
export const metricsFeedPath = `${root}/ws/metrics`;

export function useRunPages(filter: RunFilter, sort: string, isWanted: boolean) {
  return useInfiniteQuery({
    queryKey: ['runs', filter, sort],
    queryFn: ({ pageParam, signal }) =>
      getJson(
        `${root}/traces?${traceListQuery(filter, {
          limit: pageSize,
          sort,
          cursor: pageParam,
          nowMs: Date.now(),
        })}`,
        decodeRunPage,
        signal,
      ),
    enabled: isWanted,
    gcTime: listGcMs,
    initialPageParam: noCursor(),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

function noCursor(): string | undefined {
  return undefined;
}

export function useOverview() {
  return useQuery({
    queryKey: overviewKey,
    queryFn: ({ signal }) => getJson(`${root}/overview`, decodeOverview, signal),
  });
}

function outcomesPath(fromMs: number, toMs: number): string {
  const parameters = new URLSearchParams();
  const set = (
    name: QueryName<'/api/v1/monitoring/metrics/workflow-executions'>,
    ms: number,
  ): void => {
    parameters.set(name, new Date(ms).toISOString());
  };
  set('start_time', fromMs);
  set('end_time', toMs);
  return `/api/v1/monitoring/metrics/workflow-executions?${parameters.toString()}`;
}

/** How runs of the last hour came out, against those of the day before it. */
export function useFailureRate() {
  return useQuery({
    queryKey: ['failure rate'],
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const [recent, before] = await Promise.all([
        getJson(outcomesPath(now - hourMs, now), decodeOutcomes, signal),
        getJson(outcomesPath(now - 25 * hourMs, now - hourMs), decodeOutcomes, signal),
      ]);
      return compareFailures(recent, before);
    },
    refetchInterval: failureRateMs,
  });
}

/** One run as the list shows it: of a large trace much less to read than the whole. */
export async function fetchRun(traceId: string, signal?: AbortSignal): Promise<Run | undefined> {
  const query = new URLSearchParams({ execution_id: traceId, limit: '1' });
  const page = await getJson(
    `${root}/traces?${query.toString()}`,
    decodeRunPage,
    signal ?? AbortSignal.timeout(fetchRunTimeoutMs),
  );
  return page.runs.find((run) => run.traceId === traceId);
}

/** The whole of a body that was cut; fetched on demand. */
export function useContent(contentUrl: string) {
  const [isWanted, setWanted] = useState(false);
  const query = useQuery({
    queryKey: ['content', contentUrl],
    queryFn: ({ signal }) => getText(contentUrl, signal),
    enabled: isWanted,
    staleTime: Infinity,
  });
  return {
    text: query.data,
    error: query.error?.message,
    isLoading: query.isFetching,
    load: () => {
      setWanted(true);
      if (query.isError) void query.refetch();
    },
  };
}
