// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Aggregate } from '../model/aggregate';
import type { RunFilter } from '../model/filterFields';
import { decodeAggregate } from './decodeAggregate';
import { getJson } from './httpClient';
import { periodParameters } from './periodQuery';
import type { QueryName } from './wire';

/** Figures that are summed up are asked for again this often, unless the page is held. */
export const sumsRefreshMs = 15_000;

export interface AggregateRequest {
  /** At most ten. */
  readonly measures: readonly string[];
  /** At most three. */
  readonly by: readonly string[];
  readonly of: 'runs' | 'steps';
  readonly filter: RunFilter;
  readonly kind?: string | undefined;
  readonly bucketSeconds?: number | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  /** Where days begin: +02:00. */
  readonly utcOffset?: string | undefined;
}

export function aggregatePath(request: AggregateRequest, nowMs: number): string {
  const parameters = periodParameters(request.filter, nowMs);
  const set = (name: QueryName<'/api/v1/observability/aggregate'>, value: string): void =>
    parameters.set(name, value);
  set('measure', request.measures.join(','));
  if (request.by.length > 0) set('by', request.by.join(','));
  set('of', request.of);
  if (request.kind !== undefined) set('kind', request.kind);
  if (request.bucketSeconds !== undefined) set('bucket', String(request.bucketSeconds));
  if (request.sort !== undefined) set('sort', request.sort);
  if (request.limit !== undefined) set('limit', String(request.limit));
  if (request.utcOffset !== undefined) set('utc_offset', request.utcOffset);
  return `/api/v1/observability/aggregate?${parameters.toString()}`;
}

export function fetchAggregate(request: AggregateRequest, signal: AbortSignal): Promise<Aggregate> {
  return getJson(aggregatePath(request, Date.now()), decodeAggregate, signal);
}

/** Sums; `undefined` asks for nothing. While others are asked for, the last ones stand in. */
export function useAggregate(request: AggregateRequest | undefined, isHeld: boolean) {
  return useQuery({
    queryKey: ['aggregate', request],
    queryFn: ({ signal }) => {
      if (request === undefined) throw new Error('nothing is asked for');
      return fetchAggregate(request, signal);
    },
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: isHeld ? false : sumsRefreshMs,
  });
}
