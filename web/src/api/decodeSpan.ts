// SPDX-License-Identifier: Apache-2.0
// Decodes what a row of the tree needs, for 50,000 spans at once.

import { readBoolean, readNumber, readObject, readText } from '../base/json';
import { parseTimestampNs, secondsBetween } from '../base/time';
import { toCost } from '../model/cost';
import { toSpanKind } from '../model/span';
import type { RollUp, Span, Usage } from '../model/span';
import { toStatus } from '../model/status';
import { DecodeError } from './decodeError';
import type { Wire } from './wire';

export function readTime<T extends object>(object: T, key: keyof T & string): bigint | undefined {
  const text = readText(object, key);
  return text === undefined ? undefined : parseTimestampNs(text);
}

/** A text whose end may have been cut off; what remains says so. */
export function readLongText<T extends object>(
  object: T,
  key: keyof T & string,
  urlKey: keyof T & string,
): string | undefined {
  const text = readText(object, key);
  return text === undefined || readText(object, urlKey) === undefined ? text : `${text}…`;
}

/** The duration as sent; otherwise the difference of the two times, if both are known. */
export function readDuration(
  object: { readonly duration?: unknown },
  startNs: bigint | undefined,
  endNs: bigint | undefined,
): number | undefined {
  const sent = readNumber(object, 'duration');
  if (sent !== undefined) return sent;
  return startNs === undefined || endNs === undefined ? undefined : secondsBetween(startNs, endNs);
}

function decodeUsage(object: Wire<'Usage'> | undefined): Usage | undefined {
  if (object === undefined) return undefined;
  const inputTotal = readNumber(object, 'input_total');
  const outputTotal = readNumber(object, 'output_total');
  const sum =
    inputTotal === undefined && outputTotal === undefined
      ? undefined
      : (inputTotal ?? 0) + (outputTotal ?? 0);
  return {
    inputTotal,
    outputTotal,
    cacheRead: readNumber(object, 'cache_read'),
    cacheWrite: readNumber(object, 'cache_write'),
    reasoning: readNumber(object, 'reasoning'),
    audioIn: readNumber(object, 'audio_in'),
    audioOut: readNumber(object, 'audio_out'),
    total: readNumber(object, 'total') ?? sum,
  };
}

function decodeRollUp(object: Wire<'RollUp'> | undefined): RollUp | undefined {
  if (object === undefined) return undefined;
  const modelCalls = readNumber(object, 'model_calls') ?? 0;
  return {
    modelCalls,
    descendants: readNumber(object, 'descendants') ?? 0,
    errors: readNumber(object, 'errors') ?? 0,
    tokens: readNumber(object, 'tokens') ?? 0,
    // The server says `priced` also of what has no call to be priced.
    cost:
      modelCalls === 0
        ? { kind: 'nothing' }
        : toCost({ usd: readNumber(object, 'cost'), status: readText(object, 'cost_status') }),
  };
}

/** A row of a run, or as much of it as the feed tells. */
export function decodeSpan(object: Wire<'TraceRow'>): Span {
  const id = readText(object, 'span_id');
  if (id === undefined) throw new DecodeError('a span has no span_id');
  const startNs = readTime(object, 'start_time');
  const endNs = readTime(object, 'end_time');
  return {
    id,
    parentId: readText(object, 'parent_span_id'),
    parentMissing: readText(object, 'parent_missing'),
    name: readText(object, 'name') ?? id,
    title: readText(object, 'display_name') ?? readText(object, 'name') ?? id,
    kind: toSpanKind(readText(object, 'kind')),
    status: toStatus(readText(object, 'status')),
    startNs,
    endNs,
    durationSeconds: readDuration(object, startNs, endNs),
    agent: readText(object, 'agent_id'),
    model: readText(object, 'model'),
    provider: readText(object, 'provider'),
    usage: decodeUsage(readObject(object, 'usage')),
    cost: toCost({
      usd: readNumber(object, 'cost'),
      status: readText(object, 'cost_status'),
    }),
    isCounted: readBoolean(object, 'counted') ?? true,
    errorMessage: readLongText(object, 'error_message', 'error_message_url'),
    errorType: readText(object, 'error_type'),
    inputPreview: readText(object, 'input_preview'),
    outputPreview: readText(object, 'output_preview'),
    rollUp: decodeRollUp(readObject(object, 'roll_up')),
    selfSeconds: readNumber(object, 'self_time'),
    criticalSeconds: readNumber(object, 'critical_time'),
    knownFrom: 'read',
  };
}
