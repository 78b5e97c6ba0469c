// SPDX-License-Identifier: Apache-2.0
// Sessions and users.

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { makeLimiter } from '../base/limiter';
import { isObject, readNumber, readObjects, readText, readTexts } from '../base/json';
import type { JsonObject } from '../base/json';
import { toCost } from '../model/cost';
import type { RunFilter } from '../model/filterFields';
import type { Run } from '../model/run';
import { turnOf } from '../model/runGroup';
import type { GroupKind, RunGroup, RunGroupDetail, RunGroupPage, Turn } from '../model/runGroup';
import { sumsRefreshMs } from './aggregateQueries';
import { decodePeriod } from './decodeAggregate';
import { DecodeError } from './decodeError';
import { readTime } from './decodeSpan';
import { decodeRun } from './decodeTrace';
import { getJson } from './httpClient';
import { periodParameters } from './periodQuery';
import type { QueryName, Wire } from './wire';

const root = '/api/v1/observability';
const pageSize = 100;
const mostRuns = 100;
/** Rows that a turn is told from. */
const turnRows = 60;
/** A browser has six connections to a server: what the page itself asks for does not wait for these. */
const limitTurns = makeLimiter(2);

const paths = { session: `${root}/sessions`, user: `${root}/users` } as const;

function decodeGroup(object: JsonObject, kind: GroupKind): RunGroup {
  const totals: Wire<'RunTotals'> = object;
  const session: Wire<'Session'> = object;
  const user: Wire<'User'> = object;
  const id = kind === 'session' ? readText(session, 'session_id') : readText(user, 'user_id');
  if (id === undefined) throw new DecodeError(`a ${kind} has no id`);
  const others = kind === 'session' ? readTexts(session, 'users') : readTexts(user, 'sessions');
  const count =
    kind === 'session' ? readNumber(session, 'users_count') : readNumber(user, 'sessions_count');
  const calls = readNumber(totals, 'calls') ?? 0;
  const status = readText(totals, 'cost_status');
  return {
    id,
    runs: readNumber(totals, 'runs') ?? 0,
    failedRuns: readNumber(totals, 'failed_runs') ?? 0,
    calls,
    tokens: readNumber(totals, 'tokens') ?? 0,
    cost: calls === 0 ? { kind: 'nothing' } : toCost({ usd: readNumber(totals, 'cost'), status }),
    durationSeconds: readNumber(totals, 'duration') ?? 0,
    firstNs: readTime(totals, 'first_run_at'),
    lastNs: readTime(totals, 'last_run_at'),
    others,
    othersCount: count ?? others.length,
  };
}

function decodeGroupPage(value: unknown, kind: GroupKind): RunGroupPage {
  if (!isObject(value)) throw new DecodeError(`the list of ${kind}s is not an object`);
  const sessions: Wire<'Sessions'> = value;
  const users: Wire<'Users'> = value;
  const groups =
    kind === 'session' ? readObjects(sessions, 'sessions') : readObjects(users, 'users');
  return {
    groups: groups.map((group) => decodeGroup(group, kind)),
    total: readNumber(sessions, 'total') ?? groups.length,
    isTotalExact: sessions.total_is_exact !== false,
    nextCursor: readText(sessions, 'next_cursor'),
    period: decodePeriod(value),
  };
}

function decodeGroupDetail(value: unknown, kind: GroupKind): RunGroupDetail {
  if (!isObject(value)) throw new DecodeError(`the ${kind} is not an object`);
  const runs: Wire<'RunsOfTotals'> = value;
  return {
    group: decodeGroup(value, kind),
    runs: readObjects(runs, 'traces').map(decodeRun),
    hasMoreRuns: runs.has_more_traces === true,
    period: decodePeriod(value),
  };
}

function firstCursor(): string | undefined {
  return undefined;
}

/** Sessions or users, the one with the newest run first. */
export function useGroupPages(kind: GroupKind, filter: RunFilter, isHeld: boolean) {
  return useInfiniteQuery({
    queryKey: ['groups', kind, filter],
    queryFn: ({ pageParam, signal }) => {
      const parameters = periodParameters(filter, Date.now());
      const set = (name: QueryName<'/api/v1/observability/sessions'>, value: string): void =>
        parameters.set(name, value);
      set('limit', String(pageSize));
      if (pageParam !== undefined) set('cursor', pageParam);
      return getJson(
        `${paths[kind]}?${parameters.toString()}`,
        (value) => decodeGroupPage(value, kind),
        signal,
      );
    },
    initialPageParam: firstCursor(),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: isHeld ? false : sumsRefreshMs,
  });
}

/** One session or user with its newest runs. */
export function useGroup(kind: GroupKind, id: string, filter: RunFilter, isHeld: boolean) {
  return useQuery({
    queryKey: ['group', kind, id, filter],
    queryFn: ({ signal }) => {
      const parameters = periodParameters(filter, Date.now());
      parameters.set('limit', String(mostRuns));
      return getJson(
        `${paths[kind]}/${encodeURIComponent(id)}?${parameters.toString()}`,
        (value) => decodeGroupDetail(value, kind),
        signal,
      );
    },
    refetchInterval: isHeld ? false : sumsRefreshMs,
  });
}

function decodeTurn(value: unknown, isFailed: boolean): Turn {
  if (!isObject(value)) throw new DecodeError('the rows of a run are not an object');
  const answer: Wire<'TraceRows'> = value;
  const rows = readObjects(answer, 'rows').map((object) => {
    const row: Wire<'TraceRow'> = object;
    return {
      kind: readText(row, 'kind') ?? '',
      input: readText(row, 'input_preview'),
      output: readText(row, 'output_preview'),
      error: readText(row, 'error_message'),
    };
  });
  return turnOf(rows, readText(answer, 'next_cursor') === undefined, isFailed);
}

/** What a run was about; asked for once, and again when its state changes. */
export function useTurn(run: Run, isWanted: boolean) {
  return useQuery({
    queryKey: ['turn', run.traceId, run.status, run.spanCount],
    queryFn: ({ signal }) =>
      limitTurns(
        () =>
          getJson(
            `${root}/traces/${encodeURIComponent(run.traceId)}/rows?limit=${turnRows}`,
            (value) => decodeTurn(value, run.status === 'failed'),
            signal,
          ),
        signal,
      ),
    enabled: isWanted,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}
