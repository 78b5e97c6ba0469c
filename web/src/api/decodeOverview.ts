// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import type { Figures, Overview } from '../model/overview';
import { DecodeError } from './decodeError';

const healthWords = ['healthy', 'warning', 'critical'] as const;

/** From the objects `real_time` and `health`, which the overview and the feed share. */
export function decodeFigures(realTime: JsonObject, health: JsonObject): Figures {
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
  };
}

export function decodeOverview(value: unknown): Overview {
  if (!isObject(value)) throw new DecodeError('the overview is not an object');
  const ports = readObject(value, 'ports') ?? {};
  return {
    ...decodeFigures(
      readObject(value, 'real_time_metrics') ?? {},
      readObject(value, 'system_health') ?? {},
    ),
    ports: { otlpGrpc: readNumber(ports, 'otlp_grpc'), otlpHttp: readNumber(ports, 'otlp_http') },
  };
}
