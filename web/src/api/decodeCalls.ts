// SPDX-License-Identifier: Apache-2.0

import { isArray, isObject, readNumber, readObjects, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import type { Call, CallPage, CallTokens } from '../model/call';
import { toSpanKind } from '../model/span';
import { toStatus } from '../model/status';
import { DecodeError } from './decodeError';
import { readTime } from './decodeSpan';
import type { Wire } from './wire';

/** The server says 0 also of a call that told of no tokens, and of one that another span counts. */
function decodeTokens(call: Wire<'ListedSpan'>): CallTokens | undefined {
  const input = readNumber(call, 'input_tokens') ?? 0;
  const output = readNumber(call, 'output_tokens') ?? 0;
  if (input + output === 0) return undefined;
  return {
    input,
    output,
    cacheRead: readNumber(call, 'cache_read_tokens') ?? 0,
    cacheWrite: readNumber(call, 'cache_write_tokens') ?? 0,
    reasoning: readNumber(call, 'reasoning_tokens') ?? 0,
  };
}

function decodeCall(object: JsonObject): Call {
  const call: Wire<'ListedSpan'> = object;
  const traceId = readText(call, 'trace_id');
  const spanId = readText(call, 'span_id');
  if (traceId === undefined || spanId === undefined) throw new DecodeError('a step has no ids');
  const tokens = decodeTokens(call);
  const usd = readNumber(call, 'cost');
  return {
    traceId,
    spanId,
    tokens,
    kind: toSpanKind(readText(call, 'kind')),
    name: readText(call, 'step_name') ?? spanId,
    status: toStatus(readText(call, 'status')),
    startNs: readTime(call, 'start_time'),
    durationSeconds: readNumber(call, 'duration'),
    workflowId: readText(call, 'workflow_id'),
    agent: readText(call, 'agent'),
    model: readText(call, 'model'),
    service: readText(call, 'service'),
    sessionId: readText(call, 'session_id'),
    userId: readText(call, 'user_id'),
    errorType: readText(call, 'error_type'),
    // That nothing was spent on no tokens is not known, only that nobody told of any.
    usd: usd === 0 && tokens === undefined ? undefined : usd,
  };
}

export function decodeCallPage(value: unknown): CallPage {
  if (!isObject(value)) throw new DecodeError('the list of steps is not an object');
  const page: Wire<'SpanPage'> = value;
  if (!isArray(page.spans)) throw new DecodeError('the list of steps has no "spans"');
  return {
    calls: readObjects(page, 'spans').map(decodeCall),
    nextCursor: readText(page, 'next_cursor'),
  };
}
