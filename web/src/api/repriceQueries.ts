// SPDX-License-Identifier: Apache-2.0
// Stored calls are priced again: a job on the server, which is asked how far it has come.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isObject, readBoolean, readNumber, readObjects, readText } from '../base/json';
import type { ModelRepricing, Repricing, RepricingTime } from '../model/repricing';
import { DecodeError } from './decodeError';
import { readTime } from './decodeSpan';
import { getJson, sendJson } from './httpClient';
import type { Wire } from './wire';

const root = '/api/v1/cost-tracking/reprice';
const listKey = ['repricings'] as const;
const progressEveryMs = 500;

function decodeModel(one: Wire<'ModelRepricing'>): ModelRepricing {
  return {
    model: readText(one, 'model') ?? '',
    calls: readNumber(one, 'calls') ?? 0,
    oldUsd: readNumber(one, 'old_cost') ?? 0,
    newUsd: readNumber(one, 'new_cost') ?? 0,
    unpricedBefore: readNumber(one, 'unpriced_before') ?? 0,
    unpricedAfter: readNumber(one, 'unpriced_after') ?? 0,
  };
}

function toState(text: string | undefined): Repricing['state'] {
  if (text === 'running' || text === 'done' || text === 'failed') return text;
  throw new DecodeError('the state of a repricing is not known');
}

export function decodeRepricing(value: unknown): Repricing {
  if (!isObject(value)) throw new DecodeError('the repricing is not an object');
  const job: Wire<'Repricing'> = value;
  const id = readText(job, 'reprice_id');
  if (id === undefined) throw new DecodeError('a repricing has no id');
  const count = (name: 'runs' | 'changed_runs' | 'skipped_runs'): number =>
    readNumber(job, name) ?? 0;
  const { calls, oldUsd, newUsd, unpricedBefore, unpricedAfter } = decodeModel(value);
  return {
    id,
    state: toState(readText(job, 'state')),
    isDryRun: readBoolean(job, 'dry_run') ?? true,
    startNs: readTime(job, 'start_time'),
    endNs: readTime(job, 'end_time'),
    createdNs: readTime(job, 'created_at'),
    runs: count('runs'),
    changedRuns: count('changed_runs'),
    skippedRuns: count('skipped_runs'),
    calls,
    oldUsd,
    newUsd,
    unpricedBefore,
    unpricedAfter,
    models: readObjects(job, 'models').map(decodeModel),
    detail: readText(job, 'detail'),
  };
}

/** What was priced again, the newest first. */
export function useRepricings() {
  return useQuery({
    queryKey: listKey,
    queryFn: ({ signal }) =>
      getJson(
        root,
        (value) => {
          if (!isObject(value)) throw new DecodeError('the list of repricings is not an object');
          const list: Wire<'Repricings'> = value;
          return readObjects(list, 'repricings').map(decodeRepricing);
        },
        signal,
      ),
  });
}

/**
 * One job, until it is over; undefined asks for nothing. When one that changed figures is over, all figures
 * on the page are asked for again.
 */
export function useRepricing(id: string | undefined) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['repricing', id],
    queryFn: ({ signal }) =>
      getJson(`${root}/${encodeURIComponent(id ?? '')}`, decodeRepricing, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'running' ? progressEveryMs : false,
  });
  const running = useRef<string | undefined>(undefined);
  const job = query.data;
  useEffect(() => {
    if (job === undefined) return;
    if (job.state === 'running') running.current = job.id;
    else if (running.current === job.id) {
      running.current = undefined;
      if (!job.isDryRun) void client.invalidateQueries();
    }
  }, [client, job]);
  return query;
}

/** Begins a job; `isDryRun` only tells the difference. The server refuses a second one at a time. */
export function useStartRepricing() {
  const client = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: ({
      time,
      isDryRun,
    }: {
      readonly time: RepricingTime;
      readonly isDryRun: boolean;
    }) => sendJson('POST', root, { ...time, dry_run: isDryRun }, decodeRepricing),
    onSuccess: (job) => client.setQueryData(['repricing', job.id], job),
    onSettled: () => client.invalidateQueries({ queryKey: listKey }),
  });
}
