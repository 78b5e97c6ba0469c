// SPDX-License-Identifier: Apache-2.0
// What the server says of itself: its data, whether it takes more, its version.

import { useQuery } from '@tanstack/react-query';
import { isObject, readObject, readText } from '../base/json';
import { readServerState } from '../model/serverState';
import { fetchAggregate } from './aggregateQueries';
import { DecodeError } from './decodeError';
import { ApiError, getJson, getText } from './httpClient';
import type { Wire } from './wire';

const stateEveryMs = 15_000;
const daySeconds = 86_400;

export function useServerState() {
  return useQuery({
    queryKey: ['server state'],
    queryFn: async ({ signal }) => readServerState(await getText('/metrics', signal)),
    refetchInterval: stateEveryMs,
  });
}

export interface Readiness {
  readonly isReady: boolean;
  /** What is damaged and left out, or why nothing is taken. */
  readonly detail: string | undefined;
}

/** Whether telemetry is taken; a refusal is an answer, too. */
export function useReadiness() {
  return useQuery({
    queryKey: ['readiness'],
    queryFn: async ({ signal }): Promise<Readiness> => {
      try {
        return await getJson(
          '/readyz',
          (value) => {
            if (!isObject(value)) throw new DecodeError('it is not an object');
            const ready: Wire<'Ready'> = value;
            return { isReady: true, detail: readText(ready, 'detail') };
          },
          signal,
        );
      } catch (cause) {
        if (cause instanceof ApiError && cause.status === 503)
          return { isReady: false, detail: cause.message };
        throw cause;
      }
    },
    refetchInterval: stateEveryMs,
  });
}

/** The version of the server, which its description of the API has. */
export function useVersion() {
  return useQuery({
    queryKey: ['version'],
    queryFn: ({ signal }) =>
      getJson(
        '/openapi.json',
        (value) => {
          const info = isObject(value) ? readObject(value, 'info') : undefined;
          const version = info === undefined ? undefined : readText(info, 'version');
          if (version === undefined) throw new DecodeError('it has no version');
          return version;
        },
        signal,
      ),
    staleTime: Infinity,
  });
}

export interface DayOfRuns {
  /** When the day begins. */
  readonly timeNs: bigint;
  readonly runs: number | undefined;
  readonly failed: number | undefined;
}

/** Runs of every day of the last month that has any, the newest first. */
export function useDays(utcOffset: string) {
  return useQuery({
    queryKey: ['days', utcOffset],
    queryFn: async ({ signal }): Promise<readonly DayOfRuns[]> => {
      const { groups } = await fetchAggregate(
        {
          measures: ['count', 'failed'],
          by: [],
          of: 'runs',
          filter: { t: '30d' },
          bucketSeconds: daySeconds,
          utcOffset,
        },
        signal,
      );
      const points = groups[0]?.points ?? [];
      return points
        .map(({ timeNs, values }) => ({ timeNs, runs: values['count'], failed: values['failed'] }))
        .toReversed();
    },
  });
}
