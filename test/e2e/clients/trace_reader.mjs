// SPDX-License-Identifier: Apache-2.0

// Reads traces through the HTTP API, as a user of it would, and puts them into forms that a test
// can compare with one readable literal.

import { setTimeout as delay } from 'node:timers/promises';

const VISIBLE_DEADLINE_MS = 15_000;
const POLL_MS = 25;

async function getJson(url) {
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`GET ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** JavaScript clients start spans on whole milliseconds, so siblings may start together. */
const byStart = (a, b) => compare(a.start_time, b.start_time) || compare(a.end_time, b.end_time);

/**
 * Waits until the session holds `spanCount` spans in all, and answers its whole traces, oldest
 * first.
 */
export async function readSession(serverUrl, sessionId, spanCount) {
  const traces = `${serverUrl}/api/v1/observability/traces`;
  const deadline = Date.now() + VISIBLE_DEADLINE_MS;
  for (;;) {
    const list = await getJson(`${traces}?session_id=${encodeURIComponent(sessionId)}`);
    const seen = list.traces.reduce((sum, trace) => sum + trace.span_count, 0);
    if (seen === spanCount) {
      const ids = list.traces.map((trace) => trace.trace_id);
      const whole = await Promise.all(ids.map((id) => getJson(`${traces}/${id}`)));
      return whole.sort(byStart);
    }
    if (Date.now() > deadline) {
      const found = list.traces.map((t) => `${t.name}: ${t.span_count}`).join(', ');
      throw new Error(`session ${sessionId} has ${seen} of ${spanCount} spans (${found})`);
    }
    await delay(POLL_MS);
  }
}

const LABELS = {
  tool: (span) => `tool ${span.tool?.name}`,
  llm: () => 'llm',
  embedding: () => 'embedding',
};

/** The tree as text: a line per span, two blanks per level, ` FAILED` after a failed one. */
export function outline(trace) {
  const ids = new Set(trace.spans.map((span) => span.span_id));
  const lines = [];
  const visit = (span, depth) => {
    const label = LABELS[span.kind]?.(span) ?? `${span.kind} ${span.name}`;
    const orphan = span.parent_missing ? ' ORPHAN' : '';
    const failed = span.status === 'failed' ? ' FAILED' : '';
    lines.push(`${'  '.repeat(depth)}${label}${failed}${orphan}`);
    const children = trace.spans.filter((child) => child.parent_span_id === span.span_id);
    for (const child of children.sort(byStart)) visit(child, depth + 1);
  };
  const roots = trace.spans.filter((span) => !ids.has(span.parent_span_id));
  for (const root of roots.sort(byStart)) visit(root, 0);
  return lines.join('\n');
}

export const spansOfKind = (trace, kind) =>
  trace.spans.filter((span) => span.kind === kind).sort(byStart);

/** Usage with the counts that every provider reports; a count that is not known reads as 0. */
export function usageOf(span) {
  const { input_total = 0, output_total = 0, cache_read = 0, reasoning = 0 } = span.usage ?? {};
  return { input: input_total, output: output_total, cached: cache_read, reasoning };
}

export const totalOf = (rows) => rows.reduce((sum, { input, output }) => sum + input + output, 0);

const asValue = (value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

function partText(part) {
  if (part.type === 'text') return part.content;
  if (part.type === 'tool_call') {
    return `call ${part.id ?? '?'} ${part.name}(${JSON.stringify(asValue(part.arguments))})`;
  }
  if (part.type === 'tool_call_response') {
    const response = asValue(part.response);
    const text = typeof response === 'string' ? response : JSON.stringify(response);
    return `result ${part.id ?? '?'} ${text}`;
  }
  return `${part.type}?`;
}

const messageText = ({ role, parts }) => `${role}: ${(parts ?? []).map(partText).join(' | ')}`;

/** The conversation of a model span as lines of `role: parts`, the system prompt first. */
export function conversation(span) {
  const { system = [], input = [], output = [] } = span.messages ?? {};
  const systemLines = [].concat(system ?? []).map((entry) => {
    if (typeof entry === 'string') return `system: ${entry}`;
    return entry.parts ? messageText(entry) : `system: ${partText(entry)}`;
  });
  return {
    input: [...systemLines, ...(input ?? []).map(messageText)],
    output: (output ?? []).map(messageText),
  };
}
