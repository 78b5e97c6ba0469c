// SPDX-License-Identifier: Apache-2.0

// Spans as an OTLP/HTTP JSON request (ExportTraceServiceRequest): ids in hex, 64-bit integers as
// decimal strings, enums as numbers, absent fields left out.

import type { HrTime, Link, SpanContext } from '@opentelemetry/api';
import { type AnySpan, parentSpanIdOf, scopeOf } from './anyMajor.js';

type Json = Readonly<Record<string, unknown>>;

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

export function toOtlpJson(spans: readonly AnySpan[]): string {
  const byResource = groupBy(spans, (span) => span.resource);
  const resourceSpans = [...byResource].map(([resource, ofResource]) => ({
    resource: { attributes: keyValues(resource.attributes) },
    scopeSpans: [...groupBy(ofResource, scopeTextOf)].map(([scopeText, ofScope]) => ({
      scope: JSON.parse(scopeText) as Json,
      spans: ofScope.map(spanJson),
    })),
  }));
  return JSON.stringify({ resourceSpans });
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Scopes with the same name and version are different objects with the same text. */
function scopeTextOf(span: AnySpan): string {
  const { name, version } = scopeOf(span);
  return JSON.stringify({ name, version });
}

function spanJson(span: AnySpan): Json {
  const context = span.spanContext();
  return {
    ...idsOf(context),
    parentSpanId: parentSpanIdOf(span),
    flags: flagsOf(context, span.parentSpanContext),
    name: span.name,
    kind: span.kind + 1, // The API counts from INTERNAL = 0, OTLP has UNSPECIFIED before it.
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: keyValues(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: nanos(event.time),
      attributes: keyValues(event.attributes ?? {}),
      droppedAttributesCount: event.droppedAttributesCount ?? 0,
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(linkJson),
    droppedLinksCount: span.droppedLinksCount,
    status: { code: span.status.code, message: span.status.message },
  };
}

function linkJson(link: Link): Json {
  return {
    ...idsOf(link.context),
    flags: flagsOf(link.context, link.context),
    attributes: keyValues(link.attributes ?? {}),
    droppedAttributesCount: link.droppedAttributesCount ?? 0,
  };
}

function idsOf(context: SpanContext): Json {
  const { traceId, spanId, traceState } = context;
  return { traceId, spanId, traceState: traceState?.serialize() };
}

/** @param remote - whose `isRemote` the flags tell: the parent of a span, the target of a link. */
function flagsOf(context: SpanContext, remote: SpanContext | undefined): number {
  return context.traceFlags | HAS_IS_REMOTE | (remote?.isRemote === true ? IS_REMOTE : 0);
}

function nanos([seconds, rest]: HrTime): string {
  return String(BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(rest)));
}

function keyValues(attributes: Readonly<Record<string, unknown>>): Json[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): Json {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return numberValue(value);
    case 'bigint':
      return { intValue: String(value) };
    case 'object':
      return value === null ? {} : objectValue(value);
    default:
      return {};
  }
}

function numberValue(value: number): Json {
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

function objectValue(value: object): Json {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  return { kvlistValue: { values: keyValues(value as Readonly<Record<string, unknown>>) } };
}
