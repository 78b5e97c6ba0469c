// SPDX-License-Identifier: Apache-2.0

import {
  isArray,
  isObject,
  readNumber,
  readObject,
  readObjects,
  readText,
  readTexts,
} from '../base/json';
import type { JsonObject } from '../base/json';
import { toCost } from '../model/cost';
import type { SpanDetail } from '../model/message';
import type { LogLine, Run, RunPage } from '../model/run';
import type { Span } from '../model/span';
import { toStatus } from '../model/status';
import { DecodeError } from './decodeError';
import { decodeDetail } from './decodeDetail';
import { decodeSigns } from './decodeSign';
import { decodeSpan, readDuration, readLongText, readTime } from './decodeSpan';
import type { Wire } from './wire';

export function decodeRun(object: Wire<'TraceSummary'>): Run {
  const traceId = readText(object, 'trace_id');
  if (traceId === undefined) throw new DecodeError('a trace has no trace_id');
  const startNs = readTime(object, 'start_time');
  const endNs = readTime(object, 'end_time');
  const totalTokens = readNumber(object, 'total_tokens');
  return {
    traceId,
    startNs,
    endNs,
    models: readTexts(object, 'models'),
    // The server sends 0 also when no call told its usage.
    totalTokens: totalTokens === 0 ? undefined : totalTokens,
    workflowId: readText(object, 'workflow_id'),
    service: readText(object, 'service'),
    executionId: readText(object, 'execution_id'),
    name: readText(object, 'name') ?? readText(object, 'workflow_id') ?? traceId,
    status: toStatus(readText(object, 'status')),
    durationSeconds: readDuration(object, startNs, endNs),
    spanCount: readNumber(object, 'span_count'),
    errorCount: readNumber(object, 'error_count'),
    agent: readText(object, 'agent'),
    sessionId: readText(object, 'session_id'),
    userId: readText(object, 'user_id'),
    cost: toCost({
      usd: readNumber(object, 'cost'),
      status: readText(object, 'cost_status'),
    }),
    isDemo: object.demo === true,
    signs: decodeSigns(object),
  };
}

export function decodeRunPage(value: unknown): RunPage {
  if (!isObject(value)) throw new DecodeError('the list of traces is not an object');
  const page: Wire<'TracePage'> = value;
  if (!isArray(page.traces)) throw new DecodeError('the list of traces has no "traces"');
  const search: Wire<'TextSearch'> | undefined = readObject(page, 'search');
  return {
    runs: readObjects(page, 'traces').map(decodeRun),
    total: readNumber(page, 'total') ?? readNumber(page, 'total_at_least'),
    isTotalExact: readNumber(page, 'total') !== undefined,
    searchedFrom: search === undefined ? undefined : readText(search, 'stopped_in'),
    nextCursor: readText(page, 'next_cursor'),
  };
}

export function decodeLog(object: Wire<'LogRecord'>): LogLine {
  return {
    timeNs: readTime(object, 'timestamp'),
    level: readText(object, 'level') ?? 'info',
    message: readLongText(object, 'message', 'message_url') ?? '',
    spanId: readText(object, 'span_id'),
    metadata: readObject(object, 'metadata'),
  };
}

export interface LogLines {
  readonly lines: readonly LogLine[];
  readonly nextCursor: string | undefined;
}

export function decodeLogPage(value: unknown): LogLines {
  if (!isObject(value)) throw new DecodeError('the list of log records is not an object');
  const page: Wire<'LogPage'> = value;
  if (!isArray(page.logs)) throw new DecodeError('the list of log records has no "logs"');
  return {
    lines: readObjects(page, 'logs').map(decodeLog),
    nextCursor: readText(page, 'next_cursor'),
  };
}

export interface RowPage {
  /** Without its signs of trouble, which only the list of runs tells. */
  readonly run: Run;
  readonly spans: readonly Span[];
  /** Of all pages. */
  readonly total: number;
  readonly nextCursor: string | undefined;
}

export function decodeRowPage(value: unknown): RowPage {
  if (!isObject(value)) throw new DecodeError('the run is not an object');
  const page: Wire<'TraceRows'> = value;
  if (!isArray(page.rows)) throw new DecodeError('the run has no "rows"');
  const spans = readObjects(page, 'rows').map(decodeSpan);
  return {
    spans,
    run: decodeRun(value),
    total: readNumber(page, 'total_rows') ?? spans.length,
    nextCursor: readText(page, 'next_cursor'),
  };
}

/** A span with all that is known of it. */
export interface WholeSpan {
  readonly span: Span;
  readonly detail: SpanDetail;
  /** As the server sent it. */
  readonly raw: JsonObject;
}

export function decodeSpanAnswer(value: unknown): WholeSpan {
  if (!isObject(value)) throw new DecodeError('the span is not an object');
  return { span: decodeSpan(value), detail: decodeDetail(value), raw: value };
}
