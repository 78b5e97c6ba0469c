// SPDX-License-Identifier: Apache-2.0
// The messages of the live feeds. A span that cannot be read costs itself and not the feed: the trace is
// read as a whole soon after.

import { readNumber, readObject, readObjects, readText } from '../base/json';
import type { Figures } from '../model/overview';
import { awaitedReason } from '../model/span';
import type { Span } from '../model/span';
import { toStatus } from '../model/status';
import type { Status } from '../model/status';
import { decodeFigures } from './decodeOverview';
import { decodeSpan } from './decodeSpan';
import type { Fields, Schemas, Wire } from './wire';

type TraceFeedMessage = Wire<'TraceFeedSpans'> & Wire<'TraceFeedState'>;

/** The figures of a message of /ws/metrics. */
export function decodeMetrics(message: Wire<'MetricsMessage'>): Figures | undefined {
  const data: Fields<Schemas['MetricsMessage']['data']> | undefined = readObject(message, 'data');
  if (data === undefined) return undefined;
  return decodeFigures(readObject(data, 'real_time') ?? {}, readObject(data, 'health') ?? {});
}

export type TraceNews =
  | { readonly kind: 'initial' }
  | { readonly kind: 'spans'; readonly spans: readonly Span[] }
  | { readonly kind: 'run'; readonly status: Status }
  /** A word this page has never heard of: something has changed. */
  | { readonly kind: 'other' };

export interface TraceMessage {
  readonly news: TraceNews;
  /** How many messages this page has missed since it connected. */
  readonly skipped: number;
}

function decodeFeedSpan(object: Wire<'SpanFacts'>): readonly Span[] {
  if (readText(object, 'span_id') === undefined) return [];
  const span = decodeSpan(object);
  const parentMissing =
    span.parentMissing ?? (span.parentId === undefined ? undefined : awaitedReason);
  return [{ ...span, parentMissing, knownFrom: 'feed' }];
}

function decodeNews(message: TraceFeedMessage): TraceNews {
  const type = readText(message, 'type');
  if (type === 'initial') return { kind: 'initial' };
  if (type === 'spans')
    return { kind: 'spans', spans: readObjects(message, 'spans').flatMap(decodeFeedSpan) };
  if (type === 'trace' || type === 'status_update')
    return { kind: 'run', status: toStatus(readText(message, 'status')) };
  return { kind: 'other' };
}

export function decodeTraceMessage(message: TraceFeedMessage): TraceMessage {
  return { news: decodeNews(message), skipped: readNumber(message, 'skipped') ?? 0 };
}
