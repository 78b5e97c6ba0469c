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
import { toCost } from '../model/cost';
import type { LogLine, Run, RunPage, Trace } from '../model/run';
import type { Span } from '../model/span';
import { toStatus } from '../model/status';
import { DecodeError } from './decodeError';
import { decodeSigns } from './decodeSign';
import { decodeSpan, readDuration, readLongText, readTime } from './decodeSpan';
import type { Wire } from './wire';

function decodeRun(object: Wire<'TraceSummary'>): Run {
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
  return {
    runs: readObjects(page, 'traces').map(decodeRun),
    total: readNumber(page, 'total') ?? readNumber(page, 'total_at_least'),
    isTotalExact: readNumber(page, 'total') !== undefined,
    nextCursor: readText(page, 'next_cursor'),
  };
}

function decodeLog(object: Wire<'LogRecord'>): LogLine {
  return {
    timeNs: readTime(object, 'timestamp'),
    level: readText(object, 'level') ?? 'info',
    message: readLongText(object, 'message', 'message_url') ?? '',
    spanId: readText(object, 'span_id'),
    metadata: readObject(object, 'metadata'),
  };
}

export function decodeTrace(value: unknown): Trace {
  if (!isObject(value)) throw new DecodeError('the trace is not an object');
  const trace: Wire<'Trace'> = value;
  return {
    run: decodeRun(value),
    spans: readObjects(trace, 'spans').map(decodeSpan),
    logs: readObjects(trace, 'logs').map(decodeLog),
    errorMessage: readLongText(trace, 'error_message', 'error_message_url'),
    raw: value,
  };
}

export function decodeSpanAnswer(value: unknown): Span {
  if (!isObject(value)) throw new DecodeError('the span is not an object');
  return decodeSpan(value);
}
