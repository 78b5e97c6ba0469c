// SPDX-License-Identifier: Apache-2.0

import { readNumber, readObject, readObjects, readText, readTexts } from '../base/json';
import type {
  Body,
  CostBreakdown,
  ResourceUsage,
  SpanDetail,
  SpanEvent,
  SpanLink,
  Tool,
} from '../model/message';
import { decodeBody, decodeConversation } from './decodeConversation';
import { readTime } from './decodeSpan';
import type { Fields, Schemas, Wire } from './wire';

const blank: Body = { kind: 'inline', value: '' };

function decodeTool(tool: Wire<'Tool'> | undefined): Tool | undefined {
  if (tool === undefined) return undefined;
  return {
    name: readText(tool, 'name'),
    callId: readText(tool, 'call_id'),
    type: readText(tool, 'type'),
  };
}

function decodeResources(
  resources: Fields<NonNullable<Schemas['ResourceUsage']>> | undefined,
): ResourceUsage | undefined {
  if (resources === undefined) return undefined;
  return {
    memoryMb: readNumber(resources, 'memory_usage'),
    cpuPercent: readNumber(resources, 'cpu_usage'),
    ioOperations: readNumber(resources, 'io_operations'),
    networkRequests: readNumber(resources, 'network_requests'),
  };
}

function decodeEvent(event: Wire<'SpanEvent'>): SpanEvent {
  return {
    name: readText(event, 'name') ?? 'event',
    timeNs: readTime(event, 'timestamp'),
    attributes: readObject(event, 'attributes') ?? {},
  };
}

function decodeLink(link: Wire<'SpanLink'>): SpanLink {
  return {
    traceId: readText(link, 'trace_id') ?? '',
    spanId: readText(link, 'span_id'),
    attributes: readObject(link, 'attributes') ?? {},
  };
}

function decodeCostBreakdown(
  object: Fields<NonNullable<Schemas['CostBreakdown']>> | undefined,
): CostBreakdown | undefined {
  if (object === undefined) return undefined;
  return {
    rule: readText(object, 'rule'),
    missing: readText(object, 'missing'),
    note: readText(object, 'note'),
    lines: readObjects(object, 'lines').map((line: Wire<'CostLine'>) => ({
      kind: readText(line, 'kind') ?? 'other',
      count: readNumber(line, 'count') ?? 0,
      unitPrice: readNumber(line, 'unit_price') ?? 0,
      per: readNumber(line, 'per') ?? 1,
      amount: readNumber(line, 'amount') ?? 0,
    })),
  };
}

/** Everything about a span beyond its row; never fails, what is odd is left out. */
export function decodeDetail(raw: Wire<'Span'>): SpanDetail {
  const attributes = Object.entries(readObject(raw, 'attributes') ?? {})
    .map(([key, value]): readonly [string, Body] => [key, decodeBody(value) ?? blank])
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    attributes,
    conversation: decodeConversation(raw),
    input: decodeBody(raw.input_data),
    output: decodeBody(raw.output_data),
    unmapped: new Set(readTexts(raw, 'unmapped')),
    marks: readTexts(raw, 'marks'),
    costBreakdown: decodeCostBreakdown(readObject(raw, 'cost_breakdown')),
    events: readObjects(raw, 'events').map(decodeEvent),
    links: readObjects(raw, 'links').map(decodeLink),
    tool: decodeTool(readObject(raw, 'tool')),
    timeToFirstTokenSeconds: readNumber(raw, 'time_to_first_token'),
    finishReasons: readTexts(raw, 'finish_reasons'),
    service: readText(raw, 'service'),
    scope: readText(raw, 'scope'),
    dialect: readText(raw, 'dialect'),
    resources: decodeResources(readObject(raw, 'resource_usage')),
  };
}
