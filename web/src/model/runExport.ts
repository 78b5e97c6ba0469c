// SPDX-License-Identifier: Apache-2.0
// Runs as files: what a list shows, as CSV or JSON.

import { toCsv } from '../base/csv';
import type { CsvValue } from '../base/csv';
import { nsToDate } from '../base/time';
import type { Cost } from './cost';
import type { Run } from './run';

const columns = [
  'trace_id',
  'name',
  'status',
  'start_time',
  'duration',
  'workflow_id',
  'agent',
  'session_id',
  'user_id',
  'models',
  'spans',
  'errors',
  'tokens',
  'cost',
  'cost_status',
  'demo',
] as const;
type Name = (typeof columns)[number];
type Row = Readonly<Record<Name, CsvValue>>;

function usdOf(cost: Cost): number | undefined {
  return 'usd' in cost ? cost.usd : undefined;
}

function rowOf(run: Run): Row {
  return {
    trace_id: run.traceId,
    name: run.name,
    status: run.status,
    start_time: run.startNs === undefined ? undefined : nsToDate(run.startNs).toISOString(),
    duration: run.durationSeconds,
    workflow_id: run.workflowId,
    agent: run.agent,
    session_id: run.sessionId,
    user_id: run.userId,
    models: run.models.join(' '),
    spans: run.spanCount,
    errors: run.errorCount,
    tokens: run.totalTokens,
    cost: usdOf(run.cost),
    cost_status: run.cost.kind === 'nothing' ? undefined : run.cost.kind,
    demo: run.isDemo,
  };
}

export function runsAsCsv(runs: readonly Run[]): string {
  return toCsv(columns, runs.map(rowOf));
}

export function runsAsJson(runs: readonly Run[]): string {
  return `${JSON.stringify(runs.map(rowOf), undefined, 2)}\n`;
}
