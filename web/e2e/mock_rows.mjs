// SPDX-License-Identifier: Apache-2.0
// The rows of a run as the server gives them: without bodies, with previews and sums.

const previewLength = 240;

function textOf(value) {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value : (value.preview ?? JSON.stringify(value));
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? null : line.slice(0, previewLength);
}

function lastText(messages) {
  const parts = (messages ?? []).flatMap((message) => message.parts ?? []);
  return textOf(parts.filter((part) => part.type === 'text').at(-1)?.content);
}

function ownSums(span) {
  const isCall = span.kind === 'llm' && span.counted !== false;
  return {
    descendants: 0,
    errors: span.status === 'failed' ? 1 : 0,
    model_calls: isCall ? 1 : 0,
    tokens: isCall ? (span.usage?.total ?? 0) : 0,
    cost: isCall ? (span.cost ?? 0) : 0,
  };
}

/** By how many spans there were: tests add spans to a run in place. */
const knownSums = new WeakMap();

function sumsOf(spans) {
  const known = knownSums.get(spans);
  if (known?.count === spans.length && spans.length > 1000) return known.sums;
  const sums = sumUp(spans);
  knownSums.set(spans, { count: spans.length, sums });
  return sums;
}

/** Children come after their parents, so one pass from the end is enough. */
function sumUp(spans) {
  const sums = new Map(spans.map((span) => [span.span_id, ownSums(span)]));
  for (const span of [...spans].reverse()) {
    const above = sums.get(span.parent_span_id);
    const own = sums.get(span.span_id);
    if (above === undefined) continue;
    above.descendants += own.descendants + 1;
    for (const key of ['errors', 'model_calls', 'tokens', 'cost']) above[key] += own[key];
  }
  return sums;
}

function without(object, keys) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

const bodies = ['messages', 'input_data', 'output_data', 'attributes', 'events', 'links', 'marks'];

function toRow(span, sums, isOver) {
  const { messages, input_data, output_data } = span;
  const head = without(span, bodies);
  return {
    ...head,
    display_name: head.name,
    counted: head.counted ?? true,
    roll_up: { ...sums, cost_status: 'priced' },
    self_time: isOver && sums.descendants === 0 ? span.duration : null,
    critical_time: null,
    input_preview: lastText(messages?.input) ?? textOf(input_data),
    output_preview: lastText(messages?.output) ?? textOf(output_data),
  };
}

export function toRows(trace, query) {
  const { spans } = trace;
  const head = without(trace, ['spans', 'logs', 'input_data', 'output_data', 'signs']);
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 1000);
  const sums = sumsOf(spans);
  const isOver = trace.status !== 'running';
  return {
    ...head,
    rows: spans.slice(from, to).map((span) => toRow(span, sums.get(span.span_id), isOver)),
    total_rows: spans.length,
    next_cursor: to < spans.length ? String(to) : null,
  };
}

function toHead(span, sums) {
  return {
    ...without(span, bodies),
    display_name: span.name,
    counted: span.counted ?? true,
    roll_up: sums,
  };
}

/** One agent that makes all calls of the run; each brings what the one before it did not have. */
export function toTranscript(trace) {
  const sums = sumUp(trace.spans);
  const headOf = (span) => toHead(span, { ...sums.get(span.span_id), cost_status: 'priced' });
  const calls = trace.spans.filter((span) => span.kind === 'llm');
  const tools = trace.spans.filter((span) => span.kind === 'tool');
  let known = 0;
  const entries = calls.map((span, index) => {
    const input = span.messages?.input ?? [];
    const output = span.messages?.output ?? [];
    const history = Math.min(known, input.length);
    known = input.length;
    const asked = tools[index];
    return {
      type: 'call',
      agent: 0,
      opens: [],
      span: headOf(span),
      turn: index + 1,
      attempts: [],
      system: index === 0 ? (span.messages?.system ?? null) : null,
      history_messages: history,
      is_history_rewritten: false,
      new_messages: input.slice(history).filter((message) => message.role === 'user'),
      output,
      tools:
        asked === undefined
          ? []
          : [
              {
                call_id: null,
                name: asked.name,
                arguments: asked.input_data ?? null,
                output: asked.output_data ?? null,
                span: headOf(asked),
              },
            ],
    };
  });
  const head = without(trace, ['spans', 'logs', 'input_data', 'output_data', 'signs']);
  return {
    ...head,
    agents: [
      {
        agent: 0,
        works_for: null,
        name: trace.agent,
        calls: calls.length,
        span: headOf(trace.spans[0]),
        input_preview: null,
        output_preview: null,
      },
    ],
    entries,
    has_agent_loop: calls.length > 1,
    total_entries: entries.length,
    next_cursor: null,
  };
}
