// SPDX-License-Identifier: Apache-2.0
import { type Address, httpUrl, socketUrl } from './address.js';
import { type Feed, isRecord, problemOf } from './feed.js';
import { type Fetch, getFirstEvent, getJson } from './http.js';

export interface RealTimeMetrics {
  readonly running_executions: number;
  /** Started in the last five minutes. */
  readonly recent_executions: number;
  readonly active_steps: number;
  readonly failed_executions_last_hour: number;
  readonly system_load: 'normal' | 'high';
  readonly spans_per_second?: number;
  readonly tokens_per_minute?: number;
  /** In USD. */
  readonly cost_per_hour?: number;
  readonly ingest_lag_ms?: number;
  readonly host?: {
    readonly cpu_percent?: number;
    readonly memory_percent?: number;
    readonly load1?: number;
  };
}

export interface HealthMetrics {
  readonly total_agents: number;
  readonly active_agents: number;
  readonly total_workflows: number;
  readonly active_workflows: number;
  readonly total_executions: number;
  readonly running_executions: number;
  readonly completed_executions: number;
  readonly failed_executions: number;
  /** In percent, of the executions that completed or failed. */
  readonly success_rate: number;
  /** In seconds, of those that completed. */
  readonly avg_execution_time: number;
  readonly recent_failed_executions_24h: number;
  readonly recent_failed_steps_24h: number;
  readonly health_status: 'healthy' | 'warning' | 'critical';
}

export interface ObservabilityMetrics {
  /** When the server took the figures, RFC 3339. */
  readonly timestamp: string;
  readonly real_time: RealTimeMetrics;
  readonly health: HealthMetrics;
  /** Updates that the server has left out so far, because this client read too slowly. */
  readonly skipped?: number;
}

/** @param workflowId - only the figures of this workflow; undefined for all. */
export function metricsFeed(
  address: Address,
  workflowId: string | undefined,
  fetch: Fetch,
): Feed<ObservabilityMetrics> {
  const query = { workflow_id: workflowId };
  return {
    socketUrl: () => socketUrl(address, '/observability/ws/metrics', query),
    isFinal: () => false,
    read: (message) => {
      const problem = problemOf(message);
      if (problem !== undefined) return { kind: 'problem', message: problem };
      const isUpdate = isRecord(message) && isRecord(message['data']);
      return isUpdate
        ? { kind: 'value', value: metricsOf({ ...message, ...(message['data'] as object) }) }
        : { kind: 'other' };
    },
    poll: async (signal) => {
      // The REST resources hold the figures of all workflows; those of one are only in the stream.
      if (workflowId !== undefined) {
        const url = httpUrl(address, '/observability/metrics/stream', query);
        return metricsOf(await getFirstEvent(fetch, url, signal));
      }
      const [health, overview] = await Promise.all([
        getJson(fetch, httpUrl(address, '/monitoring/health'), signal),
        getJson(fetch, httpUrl(address, '/observability/overview'), signal),
      ]);
      if (!isRecord(overview)) throw new Error('the overview is not an object');
      return metricsOf({ ...overview, health, real_time: overview['real_time_metrics'] });
    },
  };
}

function metricsOf(document: unknown): ObservabilityMetrics {
  if (!isRecord(document)) throw new Error('the metrics are not an object');
  const { timestamp, real_time, health, skipped } = document;
  if (typeof timestamp !== 'string' || !isRecord(real_time) || !isRecord(health)) {
    throw new Error('the metrics lack timestamp, real_time or health');
  }
  // The contract of the server, which only ever adds fields; its own tests hold it to that.
  const metrics = { timestamp, real_time, health } as unknown as ObservabilityMetrics;
  return typeof skipped === 'number' ? { ...metrics, skipped } : metrics;
}
