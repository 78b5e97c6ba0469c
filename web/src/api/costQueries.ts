// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RunFilter } from '../model/filterFields';
import type { OwnPrice } from '../model/ownPrice';
import type { Price } from '../model/price';
import { fetchAggregate, sumsRefreshMs } from './aggregateQueries';
import { decodeForecast } from './decodeForecast';
import { decodePrice, decodePricePage } from './decodePrices';
import { getJson, sendJson } from './httpClient';
import type { QueryName } from './wire';

const pricesPath = '/api/v1/cost-tracking/prices';
const forecastRefreshMs = 60_000;
/** The finest step that a year has room for in one answer. */
const coarseSeconds = 21_600;

/** What this month comes to, of all runs or of one workflow. */
export function useMonthEnd(workflowId: string | undefined, utcOffset: string, isHeld: boolean) {
  const parameters = new URLSearchParams();
  const set = (name: QueryName<'/api/v1/observability/forecast'>, value: string): void =>
    parameters.set(name, value);
  set('measure', 'cost');
  set('utc_offset', utcOffset);
  if (workflowId !== undefined) set('workflow_id', workflowId);
  const query = parameters.toString();
  return useQuery({
    queryKey: ['month end', query],
    queryFn: ({ signal }) =>
      getJson(`/api/v1/observability/forecast?${query}`, decodeForecast, signal),
    refetchInterval: isHeld ? false : forecastRefreshMs,
  });
}

/**
 * The filter with a start: where none is asked for, a little before the first run there is, so that a
 * drawing does not begin with months of nothing. Undefined while that is not known.
 */
export function useStartedFilter(filter: RunFilter) {
  const isOpen = filter.t === undefined && filter.from === undefined;
  const query = useQuery({
    queryKey: ['first run', filter],
    queryFn: async ({ signal }) => {
      const { groups } = await fetchAggregate(
        { measures: ['count'], by: [], of: 'runs', filter, bucketSeconds: coarseSeconds },
        signal,
      );
      const first = groups[0]?.points[0]?.timeNs;
      return first === undefined
        ? filter
        : { ...filter, from: new Date(Number(first / 1_000_000n)).toISOString() };
    },
    enabled: isOpen,
    staleTime: 10 * sumsRefreshMs,
    placeholderData: keepPreviousData,
  });
  return { filter: isOpen ? query.data : filter, error: query.error, retry: query.refetch };
}

/** All prices, or with a model those that a call of it would be asked for. */
export function usePrices(asked: {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly limit?: number;
}) {
  const parameters = new URLSearchParams();
  const set = (name: QueryName<'/api/v1/cost-tracking/prices'>, value: string): void =>
    parameters.set(name, value);
  if (asked.provider !== undefined && asked.provider !== '') set('provider', asked.provider);
  if (asked.model !== undefined && asked.model !== '') set('model', asked.model);
  if (asked.limit !== undefined) set('limit', String(asked.limit));
  const query = parameters.toString();
  return useQuery({
    queryKey: ['prices', query],
    queryFn: ({ signal }) => getJson(`${pricesPath}?${query}`, decodePricePage, signal),
    placeholderData: keepPreviousData,
  });
}

function pricePath(provider: string, model: string): string {
  return `${pricesPath}/${encodeURIComponent(provider)}/${encodeURIComponent(model)}`;
}

/** Sets an own price; sums and prices are asked for again. */
export function useSetPrice() {
  const client = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: (price: OwnPrice) =>
      sendJson('PUT', pricePath(price.provider, price.model), price.body, decodePrice),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['prices'] }),
        client.invalidateQueries({ queryKey: ['aggregate'] }),
      ]);
    },
  });
}

/** Takes back an own price: from then on calls are charged by what holds without it. */
export function useDeletePrice() {
  const client = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: ({ provider, model, from }: Price) => {
      const start = from === undefined ? '' : `?effective_from=${encodeURIComponent(from)}`;
      return sendJson('DELETE', `${pricePath(provider, model)}${start}`, undefined, () => true);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['prices'] }),
  });
}
