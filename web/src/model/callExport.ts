// SPDX-License-Identifier: Apache-2.0
// Calls as files: what a list shows, as CSV or JSON. What is not known stays empty.

import { toCsv } from '../base/csv';
import type { CsvValue } from '../base/csv';
import { nsToDate } from '../base/time';
import type { Call } from './call';

const columns = [
  'trace_id',
  'span_id',
  'kind',
  'step_name',
  'status',
  'error_type',
  'start_time',
  'duration',
  'model',
  'agent',
  'workflow_id',
  'service',
  'session_id',
  'user_id',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost',
] as const;
type Row = Readonly<Record<(typeof columns)[number], CsvValue>>;

function rowOf(call: Call): Row {
  return {
    trace_id: call.traceId,
    span_id: call.spanId,
    kind: call.kind,
    step_name: call.name,
    status: call.status,
    error_type: call.errorType,
    start_time: call.startNs === undefined ? undefined : nsToDate(call.startNs).toISOString(),
    duration: call.durationSeconds,
    model: call.model,
    agent: call.agent,
    workflow_id: call.workflowId,
    service: call.service,
    session_id: call.sessionId,
    user_id: call.userId,
    input_tokens: call.tokens?.input,
    cache_read_tokens: call.tokens?.cacheRead,
    cache_write_tokens: call.tokens?.cacheWrite,
    output_tokens: call.tokens?.output,
    reasoning_tokens: call.tokens?.reasoning,
    cost: call.usd,
  };
}

export function callsAsCsv(calls: readonly Call[]): string {
  return toCsv(columns, calls.map(rowOf));
}

export function callsAsJson(calls: readonly Call[]): string {
  return `${JSON.stringify(calls.map(rowOf), undefined, 2)}\n`;
}
