// SPDX-License-Identifier: Apache-2.0
'use client';
import { useMemo } from 'react';
import { LiveConnection } from './LiveConnection.js';
import { type ObservabilityMetrics, metricsFeed } from './metrics.js';
import {
  type LiveOptions,
  type LiveResult,
  useConnection,
  useSurroundings,
} from './useConnection.js';

export interface ObservabilityMetricsOptions extends LiveOptions {
  /** Only the figures of this workflow. */
  readonly workflowId?: string | undefined;
}

export interface ObservabilityMetricsResult extends LiveResult {
  /** Undefined before the first figures. */
  readonly metrics: ObservabilityMetrics | undefined;
}

/** The server's health and its figures of this moment, kept up to date. */
export function useObservabilityMetrics(
  options: ObservabilityMetricsOptions = {},
): ObservabilityMetricsResult {
  const { baseUrl, workflowId, enabled = true } = options;
  const surroundings = useSurroundings(options);
  const connection = useMemo(() => {
    if (!enabled) return undefined;
    const feed = metricsFeed({ baseUrl }, workflowId, surroundings.fetch);
    return new LiveConnection(feed, surroundings, surroundings.timing);
  }, [baseUrl, workflowId, enabled, surroundings]);
  const { value: metrics, ...rest } = useConnection(connection);
  return { metrics, ...rest };
}
