// SPDX-License-Identifier: Apache-2.0

import { useQueryClient } from '@tanstack/react-query';
import type { JsonObject } from '../base/json';
import type { Hold } from '../model/feedState';
import type { RunFilter } from '../model/filterFields';
import type { Overview } from '../model/overview';
import { decodeMetrics } from './decodeFeed';
import { metricsFeedPath, overviewKey, useOverview, useRunPages } from './queries';
import { useLiveFeed } from './useLiveFeed';

const intervalMs = 1000;
const unknownPorts = { otlpGrpc: undefined, otlpHttp: undefined };

/**
 * The list of runs and the figures above it. The feed brings the figures, and its every message means that
 * some run has changed: all pages are read again, so that a run is never put where the order has it not.
 * Not wanted while the address asks for what nobody understands.
 */
export function useLiveRuns(filter: RunFilter, sort: string, isWanted: boolean, hold: Hold) {
  const client = useQueryClient();
  const runs = useRunPages(filter, sort, isWanted);
  const overview = useOverview();
  const refresh = async (isPolling: boolean): Promise<boolean> => {
    // The answer that is on its way may be older than what was asked for.
    const isTaken = runs.isFetchingNextPage;
    const [answer] = await Promise.all([
      isWanted ? runs.refetch({ cancelRefetch: false }) : undefined,
      isPolling ? overview.refetch({ cancelRefetch: false }) : undefined,
    ]);
    return answer?.isError !== true && !isTaken;
  };
  const onMessage = (message: JsonObject, requestRefresh: () => void): void => {
    const figures = decodeMetrics(message);
    if (figures === undefined) return;
    client.setQueryData<Overview>(overviewKey, (before) => ({
      ...figures,
      ports: before?.ports ?? unknownPorts,
    }));
    requestRefresh();
  };
  const feed = useLiveFeed({
    path: metricsFeedPath,
    hold,
    isWanted: true,
    isSettled: false,
    isOver: false,
    hasFailed: runs.isError || runs.isRefetchError,
    hasData: !isWanted || runs.data !== undefined,
    // All loaded pages are asked again each time; the deeper one has scrolled, the longer the pause.
    intervalMs: intervalMs * Math.max(1, runs.data?.pages.length ?? 1),
    refresh,
    onMessage,
  });
  return { runs, overview, feed };
}
