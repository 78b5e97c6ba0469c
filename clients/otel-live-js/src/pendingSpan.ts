// SPDX-License-Identifier: Apache-2.0

// The wire form of a span that has started and not ended, which is Logfire's: an extra span of the
// same trace with an id of its own. Its parent is the real span; the real span's parent is in the
// attribute `logfire.pending_parent_id`, 16 zeros for a root. It starts and ends when the real span
// started, and has the attributes that are known so far. A receiver shows it as the running span
// until the real one arrives, and never counts it.

import type { AttributeValue, Attributes, SpanContext } from '@opentelemetry/api';
import { randomBytes } from 'node:crypto';
import { type AnySpan, parentSpanIdOf, scopeOf } from './anyMajor.js';

const SPAN_TYPE = 'logfire.span_type';
const PENDING_PARENT_ID = 'logfire.pending_parent_id';
const NO_PARENT = '0'.repeat(16);
const SPAN_ID_BYTES = 8;

/** False for log records in the form of spans, and for pending spans that somebody else made. */
export function canBePending(span: AnySpan): boolean {
  const type = span.attributes[SPAN_TYPE];
  return type === undefined || type === 'span';
}

export interface PendingSpan {
  /** Complete for exporters of both major versions. */
  readonly span: AnySpan;
  readonly omittedAttributes: number;
}

/**
 * @param maxAttributeLength - attributes with longer text are left out, not cut: half a JSON document
 *   is worth less than none, and the real span brings the whole.
 */
export function makePendingSpan(span: AnySpan, maxAttributeLength: number): PendingSpan {
  const real = span.spanContext();
  const own: SpanContext = { ...real, spanId: newSpanId(), isRemote: false };
  const attributes: Attributes = {};
  let omittedAttributes = 0;
  for (const [key, value] of Object.entries(span.attributes)) {
    if (textLengthOf(value) > maxAttributeLength) omittedAttributes += 1;
    else if (value !== undefined) attributes[key] = value;
  }
  attributes[SPAN_TYPE] = 'pending_span';
  attributes[PENDING_PARENT_ID] = parentSpanIdOf(span) ?? NO_PARENT;
  const scope = scopeOf(span);
  return {
    omittedAttributes,
    span: {
      name: span.name,
      kind: span.kind,
      spanContext: () => own,
      parentSpanId: real.spanId,
      parentSpanContext: real,
      startTime: span.startTime,
      endTime: span.startTime,
      duration: [0, 0],
      ended: true,
      status: { ...span.status },
      attributes,
      events: [...span.events],
      links: [...span.links],
      resource: span.resource,
      instrumentationScope: scope,
      instrumentationLibrary: scope,
      droppedAttributesCount: span.droppedAttributesCount + omittedAttributes,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
    },
  };
}

function newSpanId(): string {
  return randomBytes(SPAN_ID_BYTES).toString('hex');
}

function textLengthOf(value: AttributeValue | undefined): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 0;
  return value.reduce<number>((sum, item) => sum + (typeof item === 'string' ? item.length : 8), 0);
}
