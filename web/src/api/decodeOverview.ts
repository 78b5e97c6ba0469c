// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readText } from '../base/json';
import type { Outcomes } from '../model/health';
import type { Figures, Overview } from '../model/overview';
import { DecodeError } from './decodeError';
import type { Fields, Schemas, Wire } from './wire';

type HealthWord = Schemas['Health']['health_status'];
const healthWords: readonly HealthWord[] = ['healthy', 'warning', 'critical'];

/** From the objects `real_time` and `health`, which the overview and the feed share. */
export function decodeFigures(realTime: Wire<'RealTime'>, health: Wire<'Health'>): Figures {
  const finished =
    (readNumber(health, 'completed_executions') ?? 0) +
    (readNumber(health, 'failed_executions') ?? 0);
  return {
    running: readNumber(realTime, 'running_executions') ?? readNumber(health, 'running_executions'),
    startedLast5Minutes: readNumber(realTime, 'recent_executions'),
    tokensPerMinute: readNumber(realTime, 'tokens_per_minute'),
    spansPerSecond: readNumber(realTime, 'spans_per_second'),
    costPerHour: readNumber(realTime, 'cost_per_hour'),
    ingestLagMs: readNumber(realTime, 'ingest_lag_ms'),
    failedLastHour: readNumber(realTime, 'failed_executions_last_hour'),
    healthStatus: healthWords.find((word) => word === readText(health, 'health_status')),
    // The contract sends 0 where nothing has finished yet; that is no rate.
    successRate: finished > 0 ? readNumber(health, 'success_rate') : undefined,
    totalRuns: readNumber(health, 'total_executions'),
    failedRuns24h: readNumber(health, 'recent_failed_executions_24h'),
    failedSteps24h: readNumber(health, 'recent_failed_steps_24h'),
  };
}

export function decodeOverview(value: unknown): Overview {
  if (!isObject(value)) throw new DecodeError('the overview is not an object');
  const overview: Wire<'Overview'> = value;
  const ports: Fields<Schemas['Overview']['ports']> = readObject(overview, 'ports') ?? {};
  return {
    ...decodeFigures(
      readObject(overview, 'real_time_metrics') ?? {},
      readObject(overview, 'system_health') ?? {},
    ),
    ports: { otlpGrpc: readNumber(ports, 'otlp_grpc'), otlpHttp: readNumber(ports, 'otlp_http') },
  };
}

export function decodeOutcomes(value: unknown): Outcomes {
  if (!isObject(value)) throw new DecodeError('the figures of runs are not an object');
  const metrics: Wire<'RunMetrics'> = value;
  const counts = readObject(metrics, 'executions_by_status') ?? {};
  return {
    completed: readNumber(counts, 'completed') ?? 0,
    failed: readNumber(counts, 'failed') ?? 0,
  };
}
