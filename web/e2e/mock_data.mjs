// SPDX-License-Identifier: Apache-2.0
// Answers as the server gives them, made from a seed: the same page every time.

const startMs = Date.now() - 3_600_000;

/** A small generator of numbers in [0, 1) (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const hex = (value, digits) => value.toString(16).padStart(digits, '0');
const iso = (ms) =>
  new Date(ms)
    .toISOString()
    .replace('Z', '000000Z')
    .replace(/(\.\d{9})\d*Z/, '$1Z');

const agents = [
  ['support-agent', 'customer support', ['gpt-4.1-mini']],
  ['research-crew', 'quarterly market research', ['claude-sonnet-4-5', 'gpt-4.1']],
  ['rag-pipeline', 'answer from handbook', ['gemini-2.5-flash', 'text-embedding-3-small']],
  ['coding-agent', 'fix failing test in payment module', ['claude-opus-4-5']],
];
const weightedStatus = [
  'completed',
  'completed',
  'completed',
  'completed',
  'completed',
  'failed',
  'cancelled',
  'running',
  'abandoned',
];

export function makeRun(index) {
  const next = random(index * 7919 + 17);
  const [agent, name, models] = agents[Math.floor(next() * agents.length)];
  const status =
    index === 0 ? 'running' : weightedStatus[Math.floor(next() * weightedStatus.length)];
  const start = startMs + 3_590_000 - index * 41_000;
  const seconds = 0.8 + next() ** 3 * 340;
  const tokens = Math.floor(900 + next() * 48_000);
  const isOpen = status === 'running';
  const costStatus = ['priced', 'priced', 'priced', 'reported', 'partial', 'unpriced'][
    Math.floor(next() * 6)
  ];
  return {
    trace_id: hex(index + 1, 32),
    workflow_id: agent,
    execution_id: `run-${index}`,
    name:
      index === 7
        ? 'a run with a name so long that nobody would ever read it to its end, least of all in a table of many columns'
        : name,
    status,
    agent,
    models,
    start_time: iso(start),
    end_time: isOpen ? null : iso(start + seconds * 1000),
    duration: isOpen ? null : seconds,
    span_count: 4 + Math.floor(next() * 60),
    error_count: status === 'failed' ? 1 + Math.floor(next() * 3) : 0,
    session_id: `session-${Math.floor(index / 3)}`,
    user_id: `user-${index % 5}`,
    total_tokens: tokens,
    cost: costStatus === 'unpriced' ? null : tokens * 0.000004,
    cost_status: costStatus,
    demo: index % 4 !== 3,
    spans: [],
  };
}

/** The answer that all runs give. */
export const answerText =
  'Your order 4711 is on its way with DHL and should arrive on 25 November. 📦\n\n- Carrier: DHL\n- 预计送达：11月25日\n- <b>not bold</b>\n\nطلبك في الطريق (DHL).';

const longText = 'Refunds are possible within 30 days of delivery. '.repeat(120);

function chat(turn) {
  const history = [
    {
      role: 'user',
      parts: [{ type: 'text', content: 'My order 4711 has not arrived. Where is it?' }],
    },
  ];
  for (let i = 0; i < turn; i++) {
    history.push(
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'The user asks about an order, so I look it up first.' },
          {
            type: 'tool_call',
            id: `call_${i}`,
            name: 'lookup_order',
            arguments: { order_id: '4711', fields: ['status', 'carrier'], attempt: i },
          },
        ],
      },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool_call_response',
            id: `call_${i}`,
            response: '{"status":"in_transit","carrier":"DHL","eta":"2026-11-25"}',
          },
        ],
      },
    );
  }
  return {
    system: [
      {
        type: 'text',
        content: 'You are a support agent. Be brief, friendly and exact.\nNever promise refunds.',
      },
    ],
    tools: [
      { name: 'lookup_order', parameters: { type: 'object' } },
      { name: 'refund', parameters: { type: 'object' } },
    ],
    input: history,
    output: [
      {
        role: 'assistant',
        finish_reason: 'stop',
        parts: [{ type: 'text', content: answerText }],
      },
    ],
  };
}

function makeSpan(index, parent, kind, name, startOffset, seconds, extra = {}) {
  return {
    span_id: hex(index + 1, 16),
    parent_span_id: parent === null ? null : hex(parent + 1, 16),
    parent_missing: null,
    name,
    kind,
    agent_id: 'support-agent',
    status: 'completed',
    start_time: iso(extra.base + startOffset * 1000),
    end_time: seconds === null ? null : iso(extra.base + (startOffset + seconds) * 1000),
    duration: seconds,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.temperature': 0.2,
      'custom.note': 'kept as sent',
      'server.port': 443,
    },
    events: [],
    links: [],
    counted: true,
    cost: null,
    cost_status: null,
    service: 'support-api',
    scope: 'openinference.instrumentation.openai',
    dialect: 'openinference',
    unmapped: ['custom.note'],
    marks: [],
    resource_usage: null,
    ...extra.fields,
  };
}

function llmFields(turn, model, cost) {
  return {
    model,
    provider: 'openai',
    messages: chat(turn),
    cost,
    cost_status: cost === null ? 'unpriced' : 'priced',
    usage: {
      input_total: 1200 + turn * 600,
      cache_read: turn * 512,
      output_total: 180,
      reasoning: 64,
      total: 1380 + turn * 600,
    },
    time_to_first_token: 0.412,
    finish_reasons: ['stop'],
  };
}

/** A support run: turns of model call and tool, an error with a retry, an orphan, a skewed clock, a big body. */
export function makeTrace(id) {
  const index = Number.parseInt(id, 16) - 1;
  const run = makeRun(index);
  const base = Date.parse(run.start_time);
  const isOpen = run.status === 'running';
  const spans = [
    makeSpan(0, null, 'agent', 'support-agent', 0, isOpen ? null : 9.4, {
      base,
      fields: {
        status: isOpen ? 'running' : run.status,
        input_data: { question: 'Where is my order 4711?' },
      },
    }),
  ];
  let at = 0.05;
  for (let turn = 0; turn < 4; turn++) {
    const parent = spans.length;
    spans.push(makeSpan(parent, 0, 'task', `turn ${turn + 1}`, at, 2.1, { base }));
    const unknownPrice = turn === 2;
    spans.push(
      makeSpan(
        parent + 1,
        parent,
        'llm',
        `chat ${unknownPrice ? 'house-model-7b' : 'gpt-4.1-mini'}`,
        at + 0.02,
        1.3,
        {
          base,
          fields: llmFields(
            turn * 2,
            unknownPrice ? 'house-model-7b' : 'gpt-4.1-mini',
            unknownPrice ? null : 0.00182,
          ),
        },
      ),
    );
    const failed = turn === 1;
    spans.push(
      makeSpan(parent + 2, parent, 'tool', 'lookup_order', at + 1.35, 0.6, {
        base,
        fields: {
          status: failed ? 'failed' : 'completed',
          tool: {
            name: 'lookup_order',
            call_id: `call_${turn}`,
            type: 'function',
            description: 'Finds an order by its number',
          },
          input_data: { order_id: '4711' },
          output_data: failed ? null : '{"status":"in_transit","carrier":"DHL"}',
          error_type: failed ? 'TimeoutError' : null,
          error_message: failed
            ? 'order service did not answer within 500 ms\n  at lookup (orders.ts:41)'
            : null,
          events: failed
            ? [
                {
                  name: 'exception',
                  timestamp: iso(base + (at + 1.9) * 1000),
                  attributes: {
                    'exception.type': 'TimeoutError',
                    'exception.message': 'order service did not answer',
                  },
                },
              ]
            : [],
        },
      }),
    );
    spans.push(
      makeSpan(parent + 3, parent + 2, 'http', 'GET /orders/4711', at + 1.4, 0.5, { base }),
    );
    at += 2.2;
  }
  spans.push(
    makeSpan(90, 0, 'retriever', 'search handbook', at, 0.25, {
      base,
      fields: {
        input_data: { query: 'delivery times' },
        links: [{ trace_id: hex(3, 32), span_id: hex(1, 16), attributes: {} }],
        output_data: {
          content_url: '/api/v1/observability/content/doc1',
          preview: longText.slice(0, 2000),
          size: longText.length,
        },
      },
    }),
  );
  spans.push(
    makeSpan(91, 700, 'tool', 'send_email', at + 0.1, 0.3, {
      base,
      fields: { parent_missing: 'never_exported', marks: ['clock_skew'] },
    }),
  );
  if (isOpen)
    spans.push(
      makeSpan(92, 0, 'llm', 'chat gpt-4.1-mini', at + 0.4, null, {
        base,
        fields: { status: 'running', model: 'gpt-4.1-mini' },
      }),
    );
  return {
    ...run,
    span_count: spans.length,
    error_count: 1,
    spans,
    input_data: { question: 'Where is my order 4711?' },
    output_data: isOpen ? null : 'It arrives on 25 November.',
    error_message: run.status === 'failed' ? 'the run gave up after three attempts' : null,
    logs: [
      {
        timestamp: iso(base + 200),
        level: 'info',
        message: 'conversation started',
        metadata: { channel: 'web' },
        span_id: null,
      },
      {
        timestamp: iso(base + 3700),
        level: 'error',
        message: 'retrying lookup_order',
        metadata: {},
        span_id: hex(7, 16),
      },
    ],
  };
}

/** A span as the feed tells of it; without an end while `seconds` is null. */
export function makeLiveSpan(number, parent, kind, name, startMs, seconds) {
  return {
    span_id: hex(number, 16),
    parent_span_id: parent === null ? null : hex(parent, 16),
    parent_missing: null,
    name,
    kind,
    agent_id: 'support-agent',
    status: seconds === null ? 'running' : 'completed',
    start_time: iso(startMs),
    end_time: seconds === null ? null : iso(startMs + seconds * 1000),
    duration: seconds,
    model: kind === 'llm' ? 'gpt-4.1' : null,
  };
}

/** A run that goes on. */
export function makeLiveTrace(id) {
  const trace = makeTrace(hex(1, 32));
  return { ...trace, trace_id: id, name: 'a run that has just begun', status: 'running' };
}

const bigKinds = ['llm', 'tool', 'task', 'retriever', 'http', 'agent'];

/** A trace of `count` spans, up to nine levels deep. */
export function makeBigTrace(count) {
  const next = random(4);
  const base = startMs;
  const spans = [makeSpan(0, null, 'workflow', 'nightly evaluation', 0, 3600, { base })];
  const open = [{ index: 0, end: 3600 }];
  for (let index = 1; index < count; index++) {
    const at = (index / count) * 3590;
    while (open.length > 1 && (open.at(-1).end < at || next() < 0.3)) open.pop();
    const kind = bigKinds[Math.floor(next() * bigKinds.length)];
    const seconds = next() * (400 / open.length);
    spans.push(
      makeSpan(index, open.at(-1).index, kind, `${kind} step ${index}`, at, seconds, {
        base,
        fields: {
          status: next() < 0.01 ? 'failed' : 'completed',
          ...(kind === 'llm'
            ? { model: 'gpt-4.1', usage: { total: 1200 }, cost: 0.004, cost_status: 'priced' }
            : {}),
        },
      }),
    );
    if (open.length < 9) open.push({ index, end: at + seconds });
  }
  return {
    ...makeRun(1),
    trace_id: 'b16',
    name: 'nightly evaluation',
    span_count: count,
    duration: 3600,
    start_time: iso(base),
    end_time: iso(base + 3_600_000),
    spans,
    logs: [],
  };
}

export function makeOverview(isEmpty) {
  return {
    timestamp: new Date().toISOString(),
    tracing_enabled: true,
    recent_traces: [],
    capabilities: {},
    system_health: isEmpty
      ? {
          health_status: 'healthy',
          success_rate: 0,
          total_executions: 0,
          completed_executions: 0,
          failed_executions: 0,
          running_executions: 0,
        }
      : {
          health_status: 'warning',
          success_rate: 91.67,
          total_executions: 260,
          completed_executions: 220,
          failed_executions: 20,
          running_executions: 4,
        },
    real_time_metrics: isEmpty
      ? {
          running_executions: 0,
          recent_executions: 0,
          active_steps: 0,
          failed_executions_last_hour: 0,
          system_load: 'normal',
        }
      : {
          running_executions: 4,
          recent_executions: 8,
          active_steps: 6,
          failed_executions_last_hour: 3,
          system_load: 'normal',
          spans_per_second: 38.4,
          tokens_per_minute: 48_210,
        },
    ports: { http: 8000, otlp_grpc: 4317, otlp_http: 4318 },
  };
}

/** How runs came out: of the last hour, more than usual failed. */
export function makeRunMetrics(query, isEmpty) {
  const hours =
    (Date.parse(query.get('end_time')) - Date.parse(query.get('start_time'))) / 3_600_000;
  const ended = isEmpty ? 0 : Math.round(hours * 60);
  const failed = Math.round(ended * (hours < 2 ? 0.3 : 0.05));
  return {
    total_executions: ended,
    success_rate: isEmpty ? 0 : 95,
    average_duration: 4,
    executions_by_status: isEmpty ? {} : { completed: ended - failed, failed },
    executions_by_day: [],
    executions: [],
  };
}

export const bigContent = longText;
