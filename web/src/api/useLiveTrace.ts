// SPDX-License-Identifier: Apache-2.0

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { JsonObject } from '../base/json';
import type { Hold } from '../model/feedState';
import { redraw } from '../model/liveTrace';
import type { TraceView } from '../model/liveTrace';
import type { Run } from '../model/run';
import { isOver } from '../model/status';
import { decodeTraceMessage } from './decodeFeed';
import { fetchRun } from './queries';
import { firstRows, traceFeedPath, traceKey, useTraceView } from './runQueries';
import { useLiveFeed } from './useLiveFeed';
import { useRedraw } from './useRedraw';

const intervalMs = 1000;
/** Spans may trail in for a while after the root has ended. */
const settleMs = 60_000;
/** Up to so many spans a changed trace is read as a whole, which brings previews and sums too. */
const smallTrace = firstRows;

/** When nothing more is expected of a run, in milliseconds since 1970; undefined while it is not over. */
function settleTime(run: Run | undefined): number | undefined {
  if (run?.endNs === undefined || !isOver(run.status)) return undefined;
  return Number(run.endNs / 1_000_000n) + settleMs;
}

function useIsSettled(run: Run | undefined): boolean {
  const until = settleTime(run);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === undefined) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return until !== undefined && now >= until;
}

function isWholeRead(view: TraceView | undefined): boolean {
  return view !== undefined && view.loaded.rows >= view.loaded.total;
}

/** A trace, read once and then followed: spans come one by one, totals and the end are read. */
export function useLiveTrace(traceId: string, hold: Hold) {
  const client = useQueryClient();
  const key = traceKey(traceId);
  const query = useTraceView(traceId);
  const wantsWhole = useRef(false);
  const skippedBefore = useRef(0);
  const current = (): TraceView | undefined => client.getQueryData(key);
  const update = (change: (view: TraceView) => TraceView): void =>
    void client.setQueryData<TraceView>(key, (before) => before && change(before));
  const scheduleRedraw = useRedraw(() => update(redraw));

  const readWhole = async (): Promise<boolean> => {
    wantsWhole.current = false;
    const answer = await query.refetch({ cancelRefetch: true });
    if (answer.isError) wantsWhole.current = true;
    return !answer.isError;
  };
  const readTotals = async (): Promise<boolean> => {
    try {
      // The page may be addressed by the run's own id.
      const run = await fetchRun(current()?.run.traceId ?? traceId);
      if (run !== undefined) update((before) => ({ ...before, run }));
      return run !== undefined;
    } catch {
      // What is wrong, and whether it still is, reading the whole will show.
      wantsWhole.current = true;
      return false;
    }
  };
  const refresh = (isPolling: boolean): Promise<boolean> => {
    const isSmall = (current()?.tree.nodes.length ?? 0) <= smallTrace;
    return isPolling || wantsWhole.current || isSmall ? readWhole() : readTotals();
  };
  const onMessage = (message: JsonObject, requestRefresh: () => void): void => {
    const { news, skipped } = decodeTraceMessage(message);
    const view = current();
    if (news.kind === 'spans' && view !== undefined) {
      view.live.add({ at: performance.now(), spans: news.spans });
      scheduleRedraw();
    }
    const isEnd =
      news.kind === 'run' ? isOver(news.status) : view !== undefined && isOver(view.run.status);
    if (news.kind === 'initial' || skipped !== skippedBefore.current || isEnd)
      wantsWhole.current = true;
    skippedBefore.current = skipped;
    requestRefresh();
  };
  const isSettled = useIsSettled(query.data?.run);
  const feed = useLiveFeed({
    path: traceFeedPath(traceId),
    hold,
    // A large run is first read to its end.
    isWanted: isWholeRead(query.data) || query.isError,
    isSettled,
    isOver: query.data !== undefined && isOver(query.data.run.status),
    hasFailed: query.isError || query.isRefetchError,
    hasData: query.data !== undefined,
    intervalMs,
    refresh,
    onMessage,
  });
  return { query, feed };
}
