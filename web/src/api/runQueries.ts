// SPDX-License-Identifier: Apache-2.0
// What the page of one run reads: its rows, single spans with their bodies, log records.

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { growView, viewOf } from '../model/liveTrace';
import type { TraceView } from '../model/liveTrace';
import type { Run } from '../model/run';
import type { Span } from '../model/span';
import { isOver } from '../model/status';
import { decodeLogPage, decodeRowPage, decodeSpanAnswer } from './decodeTrace';
import type { RowPage, WholeSpan } from './decodeTrace';
import { decodeTranscript } from './decodeTranscript';
import { decodeAnswer, getJson, getText } from './httpClient';
import { fetchRun } from './queries';
import type { QueryName } from './wire';

const root = '/api/v1/observability';
/** Rows that are read and shown first; a run that has no more is read in one go. */
export const firstRows = 2000;
/** The most that the server gives at a time. */
const moreRows = 10_000;
const logPageSize = 500;
/** What has ended does not change; a straggler may still put it right. */
const keptFreshMs = 60_000;
const transcriptPageSize = 200;
const transcriptIntervalMs = 2000;
/** How often lines of a run that goes on are looked for. */
const logIntervalMs = 4000;

export const traceKey = (traceId: string) => ['trace', traceId] as const;

export function traceFeedPath(traceId: string): string {
  return `${root}/ws/traces/${encodeURIComponent(traceId)}`;
}

function tracePath(traceId: string): string {
  return `${root}/traces/${encodeURIComponent(traceId)}`;
}

function rowsPath(traceId: string, limit: number, cursor?: string): string {
  const query = new URLSearchParams();
  const set = (
    name: QueryName<'/api/v1/observability/traces/{trace_id}/rows'>,
    value: string,
  ): void => query.set(name, value);
  set('limit', String(limit));
  if (cursor !== undefined) set('cursor', cursor);
  return `${tracePath(traceId)}/rows?${query.toString()}`;
}

/** The text each view was decoded from: an unchanged answer keeps its rows, and nothing is drawn anew. */
const sources = new WeakMap<TraceView, string>();

/** Signs of trouble are told by the list of runs only. */
async function readSigns(page: RowPage, signal: AbortSignal): Promise<Run> {
  const listed = await fetchRun(page.run.traceId, signal);
  return { ...page.run, signs: listed?.signs ?? [] };
}

async function readView(
  client: QueryClient,
  traceId: string,
  signal: AbortSignal,
): Promise<TraceView> {
  const key = traceKey(traceId);
  const current = (): TraceView | undefined => client.getQueryData(key);
  const before = current();
  const askedAt = performance.now();
  const text = await getText(rowsPath(traceId, firstRows), signal);
  if (before !== undefined && sources.get(before) === text && !before.live.hasArrivals()) {
    const listed = await fetchRun(before.run.traceId, signal);
    const run = { ...before.run, signs: listed?.signs ?? before.run.signs };
    const same = { ...before, run };
    sources.set(same, text);
    return same;
  }
  const first = decodeAnswer(text, decodeRowPage);
  const run = await readSigns(first, signal);
  const spans = [...first.spans];
  let cursor = first.nextCursor;
  if (cursor !== undefined && before === undefined) {
    // What has come is shown, and grows.
    client.setQueryData(key, viewOf({ run, spans: first.spans, total: first.total }, askedAt));
  }
  while (cursor !== undefined) {
    const path: string = rowsPath(traceId, moreRows, cursor);
    const page: RowPage = await getJson(path, decodeRowPage, signal);
    for (const span of page.spans) spans.push(span);
    cursor = page.nextCursor;
    const shown = current();
    if (before === undefined && shown !== undefined)
      client.setQueryData(key, growView(shown, page.spans));
  }
  const grown = before === undefined ? current() : undefined;
  if (grown !== undefined) return grown;
  const view = viewOf({ run, spans, total: first.total }, askedAt, current());
  if (first.nextCursor === undefined) sources.set(view, text);
  return view;
}

export function useTraceView(traceId: string) {
  return useQuery({
    queryKey: traceKey(traceId),
    structuralSharing: false,
    queryFn: ({ signal, client }) => readView(client, traceId, signal),
  });
}

/** The same for one reading of a span in one state. */
function spanOptions(traceId: string, span: Span | undefined) {
  return {
    queryKey: ['span', traceId, span?.id, span?.status, span?.endNs?.toString()],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      getJson(
        `${tracePath(traceId)}/spans/${encodeURIComponent(span?.id ?? '')}`,
        decodeSpanAnswer,
        signal,
      ),
    enabled: span !== undefined && span.knownFrom !== 'children',
    staleTime: span?.endNs === undefined ? 0 : keptFreshMs,
    structuralSharing: false,
  };
}

/** Everything about one span. Of one that has ended it is read once. */
export function useSpan(traceId: string, span: Span | undefined) {
  return useQuery({
    ...spanOptions(traceId, span),
    // Of the same span in an earlier state, and never of another one.
    placeholderData: (before: WholeSpan | undefined, query) =>
      query?.queryKey[2] === span?.id ? before : undefined,
  });
}

/** A run as a conversation, as far as it has been read. */
export function useTranscript(traceId: string, run: Run) {
  const isEnded = isOver(run.status);
  return useInfiniteQuery({
    // Once more when it has ended, and again when a straggler comes.
    queryKey: ['transcript', traceId, isEnded ? run.spanCount : 'running'],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      const set = (
        name: QueryName<'/api/v1/observability/traces/{trace_id}/transcript'>,
        value: string | undefined,
      ) => {
        if (value !== undefined) query.set(name, value);
      };
      set('limit', String(transcriptPageSize));
      set('cursor', pageParam);
      return getJson(
        `${tracePath(traceId)}/transcript?${query.toString()}`,
        decodeTranscript,
        signal,
      );
    },
    initialPageParam: noCursor(),
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: isEnded ? false : transcriptIntervalMs,
    placeholderData: keepPreviousData,
    structuralSharing: false,
  });
}

/** Log records of a run, or of one of its spans; the newest first. */
export function useRunLogs(
  traceId: string,
  options: { readonly spanId?: string | undefined; readonly isEnded: boolean },
) {
  const { spanId, isEnded } = options;
  return useInfiniteQuery({
    queryKey: ['logs', traceId, spanId],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      const set = (name: QueryName<'/api/v1/observability/logs'>, value: string | undefined) => {
        if (value !== undefined) query.set(name, value);
      };
      set('trace_id', traceId);
      set('span_id', spanId);
      set('limit', String(logPageSize));
      set('cursor', pageParam);
      return getJson(`${root}/logs?${query.toString()}`, decodeLogPage, signal);
    },
    initialPageParam: noCursor(),
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: isEnded ? false : logIntervalMs,
  });
}

function noCursor(): string | undefined {
  return undefined;
}

/** The whole of a body that was sent in part. */
export function fetchContent(contentUrl: string): Promise<string> {
  return getText(contentUrl, AbortSignal.timeout(contentTimeoutMs));
}

const contentTimeoutMs = 30_000;
