// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Trace } from '../model/run';
import { decodeOverview } from './decodeOverview';
import { decodeRunPage, decodeTrace } from './decodeTrace';
import { decodeAnswer, getJson, getText } from './httpClient';
import { traceListQuery } from './traceFilter';
import type { TraceFilter } from './traceFilter';

const root = '/api/v1/observability';
const pageSize = 100;

export function useRunPages(filter: TraceFilter) {
  return useInfiniteQuery({
    queryKey: ['runs', filter],
    queryFn: ({ pageParam, signal }) =>
      getJson(
        `${root}/traces?${traceListQuery(filter, pageSize, pageParam)}`,
        decodeRunPage,
        signal,
      ),
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
    queryKey: ['overview'],
    queryFn: ({ signal }) => getJson(`${root}/overview`, decodeOverview, signal),
  });
}

/** The text each trace was decoded from: an unchanged answer keeps its object, and nothing is drawn anew. */
const sources = new WeakMap<Trace, string>();

export function useTrace(traceId: string) {
  return useQuery({
    queryKey: ['trace', traceId],
    structuralSharing: false,
    queryFn: async ({ signal, client, queryKey }) => {
      const text = await getText(`${root}/traces/${encodeURIComponent(traceId)}`, signal);
      const known = client.getQueryData<Trace>(queryKey);
      if (known !== undefined && sources.get(known) === text) return known;
      const trace = decodeAnswer(text, decodeTrace);
      sources.set(trace, text);
      return trace;
    },
  });
}

/** The whole of a body that was cut; fetched on demand. */
export function useContent(contentUrl: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['content', contentUrl],
    queryFn: ({ signal }) => getText(contentUrl, signal),
    enabled: isWanted,
    staleTime: Infinity,
  });
}
