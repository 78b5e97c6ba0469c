// SPDX-License-Identifier: Apache-2.0
import { type Address, httpUrl, socketUrl } from './address.js';
import { type Feed, RefusedError, isRecord, problemOf } from './feed.js';
import { type Fetch, HttpError, getJson } from './http.js';

export type ExecutionStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'abandoned';

export interface ExecutionStep {
  readonly step_id: string;
  /** The step around this one, which may be none of `steps`. */
  readonly parent_step_id: string | null;
  readonly step_name: string;
  readonly agent_id: string | null;
  readonly kind: string;
  readonly status: string;
  /** RFC 3339. */
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly error_message: string | null;
}

export interface ExecutionUpdate {
  readonly execution_id: string;
  readonly status: ExecutionStatus;
  /** RFC 3339. */
  readonly started_at: string | null;
  readonly completed_at: string | null;
  /** In seconds. */
  readonly execution_time: number | null;
  readonly error_message: string | null;
  readonly steps: readonly ExecutionStep[];
  /** Earlier steps of a very long run that are not in `steps`. */
  readonly skipped_steps?: number;
  /** Updates that the server has left out so far, because this client read too slowly. */
  readonly skipped?: number;
}

/** Not `abandoned`: a run that was silent for long goes on if something of it arrives after all. */
const FINAL: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** Spans of these kinds are steps; others (HTTP calls, queries) belong to the step around them. */
const STEP_KINDS: ReadonlySet<unknown> = new Set([
  'agent',
  'workflow',
  'task',
  'llm',
  'tool',
  'retriever',
  'embedding',
  'reranker',
  'guardrail',
  'evaluator',
]);

const NOT_FOUND = 404;

/** @param wait - an unknown execution has not started yet, rather than being a mistake. */
export function executionFeed(
  address: Address,
  executionId: string,
  wait: boolean,
  fetch: Fetch,
): Feed<ExecutionUpdate> {
  const id = encodeURIComponent(executionId);
  return {
    socketUrl: () =>
      socketUrl(address, `/observability/ws/executions/${id}`, { wait: wait ? '1' : undefined }),
    isFinal: (execution) => FINAL.has(execution.status),
    read: (message) => {
      const problem = problemOf(message);
      if (problem !== undefined) return { kind: 'problem', message: problem };
      return isRecord(message) && message['type'] === 'status_update'
        ? { kind: 'value', value: executionOf(message) }
        : { kind: 'other' };
    },
    poll: async (signal) => {
      try {
        const trace = await getJson(fetch, httpUrl(address, `/observability/traces/${id}`), signal);
        return executionOfTrace(trace);
      } catch (error) {
        if (!(error instanceof HttpError) || error.status !== NOT_FOUND) throw error;
        if (wait) return undefined;
        throw new RefusedError(error.message);
      }
    },
  };
}

function executionOf(message: Readonly<Record<string, unknown>>): ExecutionUpdate {
  const { type: _, ...execution } = message;
  if (typeof execution['status'] !== 'string' || !Array.isArray(execution['steps'])) {
    throw new Error('the update lacks status or steps');
  }
  // The contract of the server, which only ever adds fields; its own tests hold it to that.
  return execution as unknown as ExecutionUpdate;
}

/** What the socket would say, made from the whole trace. */
export function executionOfTrace(trace: unknown): ExecutionUpdate {
  if (!isRecord(trace) || !Array.isArray(trace['spans'])) throw new Error('not a trace');
  const isOver = FINAL.has(String(trace['status']));
  return executionOf({
    execution_id: trace['execution_id'],
    status: trace['status'],
    started_at: trace['start_time'] ?? null,
    completed_at: isOver ? (trace['end_time'] ?? null) : null,
    execution_time: isOver ? (trace['duration'] ?? null) : null,
    error_message: trace['error_message'] ?? null,
    steps: trace['spans']
      .filter((span) => isRecord(span) && STEP_KINDS.has(span['kind']))
      .map(stepOf),
  });
}

function stepOf(span: Readonly<Record<string, unknown>>): unknown {
  return {
    step_id: span['span_id'],
    parent_step_id: span['parent_span_id'] ?? null,
    step_name: span['display_name'] ?? span['name'],
    agent_id: span['agent_id'] ?? null,
    kind: span['kind'],
    status: span['status'],
    started_at: span['start_time'] ?? null,
    completed_at: span['status'] === 'running' ? null : (span['end_time'] ?? null),
    error_message: span['error_message'] ?? null,
  };
}
