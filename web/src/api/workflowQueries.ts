// SPDX-License-Identifier: Apache-2.0
// What is asked about one workflow.

import { useQuery } from '@tanstack/react-query';
import type { ForecastMeasure } from '../model/forecast';
import { periodOf } from '../model/period';
import type { PageScope } from '../model/period';
import type { ProfileWeight } from '../model/profile';
import { apiAddress } from './apiAddress';
import { decodeBottlenecks } from './decodeBottlenecks';
import { decodeForecast } from './decodeForecast';
import { decodeProfile } from './decodeProfile';
import { decodeResources } from './decodeResources';
import { getJson } from './httpClient';
import { periodValues, utcOffset } from './sumQueries';

export function useBottlenecks(scope: PageScope, workflow: string) {
  return useQuery({
    queryKey: ['bottlenecks', workflow, scope.stretch],
    queryFn: ({ signal }) => {
      const address = apiAddress(
        '/api/v1/enhanced-monitoring/analytics/bottlenecks/{workflow_id}',
        periodValues(periodOf(scope.stretch, Date.now())),
        { workflow_id: workflow },
      );
      return getJson(address, decodeBottlenecks, signal);
    },
  });
}

export function useProfile(scope: PageScope, workflow: string, weight: ProfileWeight) {
  return useQuery({
    queryKey: ['profile', workflow, weight, scope.stretch],
    queryFn: ({ signal }) => {
      const address = apiAddress('/api/v1/observability/profile', {
        workflow_id: workflow,
        weight,
        format: 'speedscope',
        ...periodValues(periodOf(scope.stretch, Date.now())),
      });
      return getJson(address, decodeProfile, signal);
    },
  });
}

/** Of the past up to now, whatever the page looks at: a forecast needs all the history there is. */
export function useForecast(workflow: string, measure: ForecastMeasure, step: 'hour' | 'day') {
  return useQuery({
    queryKey: ['forecast', workflow, measure, step],
    queryFn: ({ signal }) => {
      const address = apiAddress('/api/v1/observability/forecast', {
        measure,
        workflow_id: workflow,
        step,
        utc_offset: utcOffset(),
      });
      return getJson(address, decodeForecast, signal);
    },
  });
}

export function useResources(scope: PageScope, workflow: string) {
  return useQuery({
    queryKey: ['resources', workflow, scope.stretch],
    queryFn: ({ signal }) => {
      const address = apiAddress(
        '/api/v1/enhanced-monitoring/analytics/resource-trends/{workflow_id}',
        periodValues(periodOf(scope.stretch, Date.now())),
        { workflow_id: workflow },
      );
      return getJson(address, decodeResources, signal);
    },
  });
}
