// SPDX-License-Identifier: Apache-2.0
// The runs of a list counted: over time, and by the values of their fields.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { countedFilter, facetFields, joinModels, without } from '../model/facets';
import type { Facet, FacetKey } from '../model/facets';
import type { RunFilter } from '../model/filterFields';
import { periodOf, readPageScope } from '../model/period';
import type { Period } from '../model/period';
import type { Counts } from '../model/sums';
import { sumsRefreshMs } from './aggregateQueries';
import { apiAddress } from './apiAddress';
import { readCounts } from './countsQuery';
import { decodeFacets } from './decodeFacets';
import type { CountedField } from './decodeFacets';
import { decodeCounts } from './decodeSums';
import { getJson } from './httpClient';
import { periodParameters } from './periodQuery';
import { periodValues, utcOffset } from './sumQueries';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Bars over the width of the page, at most. */
const wantedSteps = 120;
/** When the first run began does not change but by retention. */
const firstRunFreshMs = 300_000;

async function countFields(
  of: 'runs' | 'steps',
  fields: readonly FacetKey[],
  filter: RunFilter,
  signal: AbortSignal,
): Promise<readonly CountedField[]> {
  if (fields.length === 0) return [];
  const parameters = periodParameters(countedFilter(filter, of), Date.now());
  parameters.set('fields', fields.join(','));
  parameters.set('of', of);
  const path = `/api/v1/observability/facets?${parameters.toString()}`;
  return getJson(path, decodeFacets, signal);
}

/** Each field that is filtered by is counted without its own filter, so that others can be chosen. */
async function readFacets(filter: RunFilter, signal: AbortSignal): Promise<readonly Facet[]> {
  const ofRuns = facetFields.filter(({ of }) => of === 'runs').map(({ key }) => key);
  const chosen = ofRuns.filter((key) => filter[key] !== undefined);
  const others = ofRuns.filter((key) => filter[key] === undefined);
  const answers = await Promise.all([
    countFields('runs', others, filter, signal),
    countFields('steps', ['model'], filter, signal),
    ...chosen.map((key) => countFields('runs', [key], without(filter, key), signal)),
  ]);
  const counted = new Map(answers.flat().map((field) => [field.field, field]));
  return facetFields.flatMap(({ key }): Facet[] => {
    const found = counted.get(key);
    if (found === undefined) return [];
    if (key !== 'model') return [{ key, values: found.values, totalValues: found.totalValues }];
    const values = joinModels(found.values);
    const more = found.totalValues - found.values.length;
    return [{ key, values, totalValues: values.length + more }];
  });
}

/** How often counts are asked for again: not where the list is held or has an end. */
function every(filter: RunFilter, isHeld: boolean): number | false {
  return isHeld || filter.to !== undefined ? false : sumsRefreshMs;
}

/** The values of the fields of runs, with counts; while others are asked for, the last ones stand in. */
export function useFacets(filter: RunFilter, isWanted: boolean, isHeld: boolean) {
  const counted = countedFilter(filter, 'runs');
  return useQuery({
    queryKey: ['facets', counted],
    queryFn: ({ signal }) => readFacets(counted, signal),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    refetchInterval: every(filter, isHeld),
  });
}

function countsAddress(filter: RunFilter, fromMs: number, toMs: number, step: number): string {
  const { status, workflow_id, agent, service, user_id, session_id } = filter;
  return apiAddress('/api/v1/observability/histogram', {
    by: 'status',
    of: 'runs',
    bucket: step,
    status,
    workflow_id,
    agent,
    service,
    user_id,
    session_id,
    utc_offset: utcOffset(),
    ...periodValues({ fromMs, toMs }),
  });
}

function firstTime(counts: Counts): number | undefined {
  return counts.buckets.find(({ total }) => total > 0)?.timeMs;
}

/** About when the first run of all began: to the day, and where that was lately to the hour or minute. */
async function readFirstRun(signal: AbortSignal): Promise<number | undefined> {
  const now = Date.now();
  const search = async (backMs: number, stepMs: number): Promise<number | undefined> => {
    const address = countsAddress({}, now - backMs, now, stepMs / 1000);
    return firstTime(await getJson(address, decodeCounts, signal));
  };
  const day = await search(365 * dayMs, dayMs);
  if (day === undefined || now - day > 2 * dayMs) return day;
  const hour = (await search(3 * dayMs, hourMs)) ?? day;
  if (now - hour > 3 * hourMs) return hour;
  return (await search(3 * hourMs, minuteMs)) ?? hour;
}

function firstRun(client: QueryClient): Promise<number> {
  return client.query({
    queryKey: ['first run time'],
    // Without any run yet, an hour is enough to see the first one come.
    queryFn: async ({ signal }) => (await readFirstRun(signal)) ?? Date.now() - hourMs,
    staleTime: firstRunFreshMs,
  });
}

/** How many runs began when, by status; where the address names no time, since the first run. */
export function useRunHistogram(filter: RunFilter, isWanted: boolean, isHeld: boolean) {
  const counted = countedFilter(filter, 'runs');
  return useQuery({
    queryKey: ['run histogram', counted],
    queryFn: async ({ signal, client }) => {
      const scope = readPageScope({ t: filter.t, from: filter.from, to: filter.to }, '24h');
      const period = periodOf(scope.stretch, Date.now());
      const fromMs = scope.isChosen ? period.fromMs : await firstRun(client);
      const addressOf = (asked: Period, step: number): string =>
        countsAddress(counted, asked.fromMs, asked.toMs, step);
      return readCounts({ fromMs, toMs: period.toMs }, wantedSteps, addressOf, signal);
    },
    enabled: isWanted,
    placeholderData: keepPreviousData,
    refetchInterval: every(filter, isHeld),
  });
}
