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
import type { LogLine, Run, RunPage, Trace } from '../model/run';
import type { Span } from '../model/span';
import { toStatus } from '../model/status';
import { DecodeError } from './decodeError';
import { decodeSigns } from './decodeSign';
import { decodeSpan, readDuration, readTime } from './decodeSpan';

function decodeRun(object: JsonObject): Run {
  const traceId = readText(object, 'trace_id');
  if (traceId === undefined) throw new DecodeError('a trace has no trace_id');
  const startNs = readTime(object, 'start_time');
  const endNs = readTime(object, 'end_time');
  const models = readTexts(object, 'models');
  const totalTokens = readNumber(object, 'total_tokens');
  const usedModel = models.length > 0 || (totalTokens ?? 0) > 0;
  return {
    traceId,
    startNs,
    endNs,
    models,
    // A run without any model call sends 0, which says as little as nothing at all.
    totalTokens: usedModel ? totalTokens : undefined,
    workflowId: readText(object, 'workflow_id'),
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
      usedModel,
    }),
    isDemo: object['demo'] === true,
    signs: decodeSigns(object),
  };
}

export function decodeRunPage(value: unknown): RunPage {
  if (!isObject(value)) throw new DecodeError('the list of traces is not an object');
  if (!isArray(value['traces'])) throw new DecodeError('the list of traces has no "traces"');
  return {
    runs: readObjects(value, 'traces').map(decodeRun),
    total: readNumber(value, 'total'),
    nextCursor: readText(value, 'next_cursor'),
  };
}

function decodeLog(object: JsonObject): LogLine {
  return {
    timeNs: readTime(object, 'timestamp'),
    level: readText(object, 'level') ?? 'info',
    message: readText(object, 'message') ?? '',
    spanId: readText(object, 'span_id'),
    metadata: readObject(object, 'metadata'),
  };
}

export function decodeTrace(value: unknown): Trace {
  if (!isObject(value)) throw new DecodeError('the trace is not an object');
  return {
    run: decodeRun(value),
    spans: readObjects(value, 'spans').map(decodeSpan),
    logs: readObjects(value, 'logs').map(decodeLog),
    errorMessage: readText(value, 'error_message'),
    raw: value,
  };
}

export function decodeSpanAnswer(value: unknown): Span {
  if (!isObject(value)) throw new DecodeError('the span is not an object');
  return decodeSpan(value);
}
