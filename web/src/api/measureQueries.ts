// SPDX-License-Identifier: Apache-2.0
// What the server can sum up and split by, and which values there are to filter by.

import { useQuery } from '@tanstack/react-query';
import { isObject, readObjects, readText } from '../base/json';
import type { RunFilter } from '../model/filterFields';
import type { Measure, MeasureKey } from '../model/panelQuery';
import { decodeFacets } from './decodeFacets';
import { DecodeError } from './decodeError';
import { getJson } from './httpClient';
import { periodParameters } from './periodQuery';
import type { Wire } from './wire';

export interface Measurable {
  readonly measures: readonly Measure[];
  readonly keys: readonly MeasureKey[];
}

export function decodeMeasurable(value: unknown): Measurable {
  if (!isObject(value)) throw new DecodeError('the list of measures is not an object');
  const list: Wire<'Measures'> = value;
  return {
    measures: readObjects(list, 'measures').map((measure: Wire<'Measure'>) => ({
      name: readText(measure, 'name') ?? '',
      description: readText(measure, 'description') ?? '',
    })),
    keys: readObjects(list, 'keys').map((key: Wire<'MeasureKey'>) => ({
      name: readText(key, 'name') ?? '',
      isOfRuns: key.of_runs === true,
      isOfSteps: key.of_steps === true,
    })),
  };
}

/** It changes with the program only. */
export function useMeasurable() {
  return useQuery({
    queryKey: ['measures'],
    queryFn: ({ signal }) => getJson('/api/v1/observability/measures', decodeMeasurable, signal),
    staleTime: Infinity,
  });
}

const valuesFreshMs = 60_000;

/** The commonest values of a key in the time of the page. */
export function useKeyValues(key: MeasureKey | undefined, time: RunFilter) {
  return useQuery({
    queryKey: ['key values', key, time],
    queryFn: async ({ signal }) => {
      const parameters = periodParameters(time, Date.now());
      parameters.set('fields', key?.name ?? '');
      parameters.set('of', key?.isOfSteps === true ? 'steps' : 'runs');
      const path = `/api/v1/observability/facets?${parameters.toString()}`;
      const [field] = await getJson(path, decodeFacets, signal);
      return (field?.values ?? []).map(({ value }) => value).filter((value) => value !== '');
    },
    enabled: key !== undefined,
    staleTime: valuesFreshMs,
  });
}
