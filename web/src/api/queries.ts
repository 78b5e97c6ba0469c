// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { viewOf } from '../model/liveTrace';
import type { TraceView } from '../model/liveTrace';
import type { Run, Trace } from '../model/run';
import type { Span } from '../model/span';
import { decodeOverview } from './decodeOverview';
import { decodeRunPage, decodeSpanAnswer, decodeTrace } from './decodeTrace';
import { decodeAnswer, getJson, getText } from './httpClient';
import { traceListQuery } from './traceFilter';
import type { TraceFilter } from './traceFilter';

const root = '/api/v1/observability';
const pageSize = 100;
const fetchRunTimeoutMs = 15_000;

export const overviewKey = ['overview'] as const;
export const traceKey = (traceId: string) => ['trace', traceId] as const;

function tracePath(traceId: string): string {
  return `${root}/traces/${encodeURIComponent(traceId)}`;
}

export const metricsFeedPath = `${root}/ws/metrics`;

export function traceFeedPath(traceId: string): string {
  return `${root}/ws/traces/${encodeURIComponent(traceId)}`;
}

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
    queryKey: overviewKey,
    queryFn: ({ signal }) => getJson(`${root}/overview`, decodeOverview, signal),
  });
}

/** The text each trace was decoded from: an unchanged answer keeps its object, and nothing is drawn anew. */
const sources = new WeakMap<Trace, string>();

function decodeUnlessKnown(text: string, known: Trace | undefined): Trace {
  if (known !== undefined && sources.get(known) === text) return known;
  const trace = decodeAnswer(text, decodeTrace);
  sources.set(trace, text);
  return trace;
}

export function useTraceView(traceId: string) {
  return useQuery({
    queryKey: traceKey(traceId),
    structuralSharing: false,
    queryFn: async ({ signal, client, queryKey }) => {
      const askedAt = performance.now();
      const text = await getText(tracePath(traceId), signal);
      const before = client.getQueryData<TraceView>(queryKey);
      return viewOf(decodeUnlessKnown(text, before?.trace), askedAt, before);
    },
  });
}

/** One run as the list shows it: of a large trace much less to read than the whole. */
export async function fetchRun(traceId: string): Promise<Run | undefined> {
  const query = new URLSearchParams({ execution_id: traceId, limit: '1' });
  const signal = AbortSignal.timeout(fetchRunTimeoutMs);
  const page = await getJson(`${root}/traces?${query.toString()}`, decodeRunPage, signal);
  return page.runs.find((run) => run.traceId === traceId);
}

/** Everything about one span, for those of which only the feed has told. */
export function useSpan(traceId: string, span: Span) {
  return useQuery({
    queryKey: ['span', traceId, span.id, span.status],
    queryFn: ({ signal }) =>
      getJson(
        `${tracePath(traceId)}/spans/${encodeURIComponent(span.id)}`,
        decodeSpanAnswer,
        signal,
      ),
    enabled: span.knownFrom === 'feed',
    placeholderData: keepPreviousData,
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
