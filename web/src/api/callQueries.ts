// SPDX-License-Identifier: Apache-2.0
// Calls across runs.

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { CallFilter } from '../model/callFilter';
import { modelName } from '../model/sums';
import { fetchAggregate, sumsRefreshMs } from './aggregateQueries';
import { decodeCallPage } from './decodeCalls';
import { decodeSpanAnswer } from './decodeTrace';
import { getJson } from './httpClient';
import { periodParameters } from './periodQuery';
import type { QueryName } from './wire';

const root = '/api/v1/observability';
const pageSize = 100;
/** So long a list is kept for those who come back to it. */
const listGcMs = 600_000;
const modelsFreshMs = 60_000;
const mostModels = 1000;
/** What has ended does not change; a straggler may still put it right. */
const callFreshMs = 60_000;

/**
 * The names of a model as steps have it, with its provider: runs, and addresses that come from them, know it
 * without. None where no step has it; itself where it has its provider already.
 */
export function useModelNames(model: string | undefined) {
  return useQuery({
    queryKey: ['models of steps'],
    queryFn: ({ signal }) =>
      fetchAggregate(
        { measures: ['count'], by: ['model'], of: 'steps', filter: {}, limit: mostModels },
        signal,
      ),
    enabled: model !== undefined,
    staleTime: modelsFreshMs,
    select: ({ groups }): readonly string[] => {
      const names = groups.flatMap(({ keys }) => keys['model'] ?? []);
      if (model === undefined) return [];
      return names.includes(model) ? [model] : names.filter((name) => modelName(name) === model);
    },
  });
}

/** The path of a page of calls; a model stands in it with its provider. */
function callsPath(
  asked: CallFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): string {
  const parameters = periodParameters(asked.filter, Date.now());
  const set = (name: QueryName<'/api/v1/observability/spans'>, value: string | undefined): void => {
    if (value !== undefined) parameters.set(name, value);
  };
  set('kind', asked.kind);
  set('step_name', asked.stepName);
  set('error_type', asked.errorType);
  set('sort', asked.sort);
  set('limit', String(page.limit));
  set('cursor', page.cursor);
  return `${root}/spans?${parameters.toString()}`;
}

function firstCursor(): string | undefined {
  return undefined;
}

/** Calls in the order that is asked for; while others are asked for, the last ones stand in. */
export function useCallPages(asked: CallFilter, isWanted: boolean, isHeld: boolean) {
  return useInfiniteQuery({
    queryKey: ['calls', asked],
    queryFn: ({ pageParam, signal }) =>
      getJson(callsPath(asked, { limit: pageSize, cursor: pageParam }), decodeCallPage, signal),
    enabled: isWanted,
    gcTime: listGcMs,
    initialPageParam: firstCursor(),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    // All pages are asked for again each time; the deeper one has scrolled, the longer the pause.
    refetchInterval: (query) =>
      isHeld ? false : sumsRefreshMs * Math.max(1, query.state.data?.pages.length ?? 1),
  });
}

/** The first calls in the order that is asked for. */
export function useTopCalls(asked: CallFilter, limit: number, isHeld: boolean) {
  return useQuery({
    queryKey: ['top calls', asked, limit],
    queryFn: ({ signal }) => getJson(callsPath(asked, { limit }), decodeCallPage, signal),
    refetchInterval: isHeld ? false : sumsRefreshMs,
  });
}

/** All that is known of one call, which has ended. */
export function useWholeCall(traceId: string, spanId: string) {
  return useQuery({
    queryKey: ['call', traceId, spanId],
    queryFn: ({ signal }) =>
      getJson(
        `${root}/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`,
        decodeSpanAnswer,
        signal,
      ),
    staleTime: callFreshMs,
    structuralSharing: false,
  });
}
