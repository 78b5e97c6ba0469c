// SPDX-License-Identifier: Apache-2.0
// Sums, counts over time and what is strange: what the overview and the lists of workflows and errors ask.

import { useQueries, useQuery } from '@tanstack/react-query';
import { periodBefore, periodOf, stepFor, timeText } from '../model/period';
import type { PageScope, Period } from '../model/period';
import { readLosses } from '../model/losses';
import { apiAddress } from './apiAddress';
import { readCounts } from './countsQuery';
import { decodeAnomalies } from './decodeAnomalies';
import { decodeFailures } from './decodeFailures';
import { decodeOverview } from './decodeOverview';
import { decodeSums } from './decodeSums';
import { decodeRunPage } from './decodeTrace';
import { getJson, getText } from './httpClient';
import { overviewKey } from './queries';

const sumsEveryMs = 20_000;
const liveEveryMs = 5_000;
/** So far back a problem counts as seen before. */
const pastDays = 30;

/** How often an answer about a scope is asked again: never where the address holds it or it is over. */
function every({ isHeld, stretch }: PageScope, ms: number): number | false {
  const isOver = stretch.kind === 'fixed' && stretch.toMs !== undefined;
  return isHeld || isOver ? false : ms;
}

export function periodValues({ fromMs, toMs }: Period) {
  return { start_time: timeText(fromMs), end_time: timeText(toMs) };
}

/** Days begin where they do for the reader. */
export function utcOffset(): string {
  const minutes = -new Date().getTimezoneOffset();
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export interface SumQuestion {
  /** Names that the server lists under measures. */
  readonly measures: readonly string[];
  readonly by?: readonly string[];
  readonly of?: 'runs' | 'steps';
  readonly sort?: string;
  /** About how many steps of time; none without it. */
  readonly steps?: number;
  readonly limit?: number;
  readonly workflow?: string;
  /** The stretch of the same length before. */
  readonly isBefore?: boolean;
}

export function useSums(scope: PageScope, question: SumQuestion) {
  return useQuery({
    queryKey: ['sums', scope.stretch, question],
    queryFn: ({ signal }) => {
      const now = periodOf(scope.stretch, Date.now());
      const period = question.isBefore === true ? periodBefore(now) : now;
      const address = apiAddress('/api/v1/observability/aggregate', {
        measure: question.measures.join(','),
        by: question.by?.join(','),
        of: question.of,
        sort: question.sort,
        bucket: question.steps === undefined ? undefined : stepFor(period, question.steps),
        workflow_id: question.workflow,
        limit: question.limit,
        utc_offset: utcOffset(),
        ...periodValues(period),
      });
      return getJson(address, decodeSums, signal);
    },
    refetchInterval: every(scope, sumsEveryMs),
  });
}

/** Runs by status in every step of time. */
export function useRunCounts(scope: PageScope, workflow?: string) {
  return useQuery({
    queryKey: ['run counts', scope.stretch, workflow],
    queryFn: ({ signal }) => {
      const addressOf = (period: Period, bucket: number): string =>
        apiAddress('/api/v1/observability/histogram', {
          by: 'status',
          of: 'runs',
          bucket,
          workflow_id: workflow,
          utc_offset: utcOffset(),
          ...periodValues(period),
        });
      return readCounts(periodOf(scope.stretch, Date.now()), 72, addressOf, signal);
    },
    refetchInterval: every(scope, sumsEveryMs),
  });
}

export function useAnomalies(scope: PageScope, limit: number) {
  return useQuery({
    queryKey: ['anomalies', scope.stretch, limit],
    queryFn: ({ signal }) => {
      const values = periodValues(periodOf(scope.stretch, Date.now()));
      const address = apiAddress('/api/v1/observability/anomalies', { limit, ...values });
      return getJson(address, decodeAnomalies, signal);
    },
    refetchInterval: every(scope, 60_000),
  });
}

/** Figures of the whole server, as they are now. */
export function useFiguresNow(isHeld: boolean) {
  return useQuery({
    queryKey: overviewKey,
    queryFn: ({ signal }) => getJson('/api/v1/observability/overview', decodeOverview, signal),
    refetchInterval: isHeld ? false : liveEveryMs,
  });
}

/** Runs of a kind, the newest first: those that go on, or those of a workflow. */
export function useNewestRuns(
  scope: PageScope,
  filter: { readonly status?: 'running' | 'failed'; readonly workflow?: string },
  limit: number,
) {
  return useQuery({
    queryKey: ['newest runs', filter.status === 'running' ? 'now' : scope.stretch, filter, limit],
    queryFn: ({ signal }) => {
      // What goes on now does so whenever it began.
      const isNow = filter.status === 'running';
      const period = isNow ? {} : periodValues(periodOf(scope.stretch, Date.now()));
      const address = apiAddress('/api/v1/observability/traces', {
        status: filter.status,
        workflow_id: filter.workflow,
        limit,
        ...period,
      });
      return getJson(address, decodeRunPage, signal);
    },
    refetchInterval: every(scope, liveEveryMs),
  });
}

/** What the server refused, dropped, cut or repaired since it began. */
export function useLosses(isHeld: boolean) {
  return useQuery({
    queryKey: ['losses'],
    queryFn: async ({ signal }) => readLosses(await getText('/metrics', signal)),
    refetchInterval: isHeld ? false : 30_000,
  });
}

function failureQuery(workflow: string, stretch: PageScope['stretch'], isPast: boolean) {
  return {
    queryKey: ['failures', workflow, stretch, isPast],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => {
      const now = periodOf(stretch, Date.now());
      const past = { fromMs: now.fromMs - pastDays * 86_400_000, toMs: now.fromMs };
      const address = apiAddress(
        '/api/v1/enhanced-monitoring/analytics/failure-analysis/{workflow_id}',
        periodValues(isPast ? past : now),
        { workflow_id: workflow },
      );
      return getJson(address, decodeFailures, signal);
    },
  };
}

/** Why runs of a workflow fail. */
export function useFailures(scope: PageScope, workflow: string) {
  return useQuery({
    ...failureQuery(workflow, scope.stretch, false),
    refetchInterval: every(scope, 60_000),
  });
}

/** The same of several workflows, in the period or in the thirty days before it. */
export function useFailuresOf(
  scope: PageScope,
  workflows: readonly string[],
  time: 'period' | 'past',
) {
  return useQueries({
    queries: workflows.map((workflow) => ({
      ...failureQuery(workflow, scope.stretch, time === 'past'),
      refetchInterval: time === 'past' ? (false as const) : every(scope, 60_000),
      staleTime: time === 'past' ? 300_000 : 0,
    })),
  });
}
