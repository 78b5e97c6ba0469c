// SPDX-License-Identifier: Apache-2.0

// A model provider on the loopback interface that answers from a script: OpenAI chat completions
// (plain and streamed), OpenAI responses (plain and streamed), OpenAI embeddings and Anthropic
// messages (plain and streamed).
//
// The answer follows from the conversation alone: the last user message picks a scenario, and the
// number of model turns since that message picks the turn. The ledger holds one row per answered
// call, so that a test can demand exactly the tokens that the provider reported.
//
// Run as a program it prints one line of JSON, {"url": ...}, and serves until SIGTERM; then
// GET /ledger answers the rows.

import http from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** Latency before the first streamed piece; a time to first token is at least this. */
export const FIRST_PIECE_DELAY_MS = 40;

const BETWEEN_PIECES_MS = 5;

/** What a model is asked for by, and what it says that it is. */
export const RESPONSE_MODELS = {
  'gpt-4o-mini': 'gpt-4o-mini-2024-07-18',
  'text-embedding-3-small': 'text-embedding-3-small',
  'claude-sonnet-4-5': 'claude-sonnet-4-5-20250929',
};

/**
 * `usage` counts as OpenAI does: `input` includes `cached`, `output` includes `reasoning`. The
 * Anthropic answer takes `cached` and `cacheWrite` out of `input`, as that API does.
 */
export const SCENARIOS = [
  {
    when: /weather in Paris/,
    turns: [
      {
        toolCalls: [{ id: 'call_paris_1', name: 'get_weather', arguments: { city: 'Paris' } }],
        usage: { input: 82, output: 17, cached: 0, reasoning: 0, cacheWrite: 0 },
      },
      {
        text: 'It is 18 degrees and sunny in Paris.',
        usage: { input: 119, output: 12, cached: 64, reasoning: 0, cacheWrite: 16 },
      },
    ],
  },
  {
    when: /weather in Atlantis/,
    turns: [
      {
        toolCalls: [{ id: 'call_atlantis_1', name: 'get_weather', arguments: { city: 'Atlantis' } }],
        usage: { input: 84, output: 19, cached: 0, reasoning: 0, cacheWrite: 0 },
      },
      {
        text: 'I cannot find Atlantis.',
        usage: { input: 125, output: 7, cached: 0, reasoning: 0, cacheWrite: 0 },
      },
    ],
  },
  {
    when: /Tell me a story/,
    turns: [
      {
        text: 'Once upon a time a small span found its parent.',
        usage: { input: 23, output: 31, cached: 0, reasoning: 8, cacheWrite: 0 },
      },
    ],
  },
  {
    when: /Say hello/,
    turns: [
      {
        text: 'Hello there, 你好, مرحبا 👋',
        usage: { input: 11, output: 9, cached: 0, reasoning: 0, cacheWrite: 0 },
      },
    ],
  },
  {
    when: /Break the rules/,
    turns: [
      {
        error: {
          status: 400,
          type: 'invalid_request_error',
          code: 'content_policy_violation',
          message: 'Your request was rejected by the safety system.',
        },
      },
    ],
  },
];

const EMBEDDING_USAGE_PER_INPUT = 5;
const CREATED_AT = 1700000000;

function textOf(content) {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => part.text ?? '').join('');
}

const carriesToolResult = (message) =>
  Array.isArray(message.content) && message.content.some((part) => part.type === 'tool_result');

/** Chat and Anthropic messages, or the items of a responses request. */
function pickTurn(messages) {
  const isAsk = (m) => m.role === 'user' && !carriesToolResult(m);
  const lastAsk = messages.findLastIndex(isAsk);
  const ask = lastAsk < 0 ? '' : textOf(messages[lastAsk].content);
  const modelTurns = messages
    .slice(lastAsk + 1)
    .filter((m) => m.role === 'assistant' || m.type === 'function_call').length;
  const scenario = SCENARIOS.find(({ when }) => when.test(ask));
  return scenario?.turns[Math.min(modelTurns, scenario.turns.length - 1)];
}

const piecesOf = (text) => text.match(/\S+\s*/gu) ?? [];

// --- OpenAI chat completions ---------------------------------------------------------------------

function chatUsage(usage) {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: 0 },
  };
}

const chatToolCall = (call, index) => ({
  ...(index === undefined ? {} : { index }),
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
});

function chatAnswer(id, model, turn) {
  return {
    id,
    object: 'chat.completion',
    created: CREATED_AT,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: turn.text ?? null,
          refusal: null,
          ...(turn.toolCalls ? { tool_calls: turn.toolCalls.map((c) => chatToolCall(c)) } : {}),
        },
        logprobs: null,
        finish_reason: turn.toolCalls ? 'tool_calls' : 'stop',
      },
    ],
    usage: chatUsage(turn.usage),
    system_fingerprint: 'fp_fake',
  };
}

function* chatChunks(id, model, turn, wantsUsage) {
  const chunk = (choices, extra = {}) => ({
    id,
    object: 'chat.completion.chunk',
    created: CREATED_AT,
    model,
    choices,
    ...extra,
  });
  const choice = (delta, finish_reason = null) => [{ index: 0, delta, finish_reason }];
  yield chunk(choice({ role: 'assistant', content: turn.toolCalls ? null : '' }));
  for (const [index, call] of (turn.toolCalls ?? []).entries()) {
    const whole = chatToolCall(call, index);
    const text = whole.function.arguments;
    const half = Math.ceil(text.length / 2);
    const head = { ...whole, function: { ...whole.function, arguments: text.slice(0, half) } };
    yield chunk(choice({ tool_calls: [head] }));
    const tail = { index, function: { arguments: text.slice(half) } };
    yield chunk(choice({ tool_calls: [tail] }));
  }
  for (const piece of piecesOf(turn.text ?? '')) yield chunk(choice({ content: piece }));
  yield chunk(choice({}, turn.toolCalls ? 'tool_calls' : 'stop'));
  if (wantsUsage) yield chunk([], { usage: chatUsage(turn.usage) });
}

// --- OpenAI responses ----------------------------------------------------------------------------

function responsesAnswer(id, model, turn, body, status = 'completed') {
  const text = (content) => ({
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: content, annotations: [], logprobs: [] }],
  });
  const call = (c) => ({
    id: `fc_${c.id}`,
    type: 'function_call',
    call_id: c.id,
    name: c.name,
    arguments: JSON.stringify(c.arguments),
    status: 'completed',
  });
  const done = status === 'completed';
  return {
    id,
    object: 'response',
    created_at: CREATED_AT,
    status,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    metadata: {},
    model,
    output: !done ? [] : turn.toolCalls ? turn.toolCalls.map(call) : [text(turn.text)],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: body.tools ?? [],
    top_p: 1,
    usage: !done
      ? null
      : {
          input_tokens: turn.usage.input,
          input_tokens_details: { cached_tokens: turn.usage.cached },
          output_tokens: turn.usage.output,
          output_tokens_details: { reasoning_tokens: turn.usage.reasoning },
          total_tokens: turn.usage.input + turn.usage.output,
        },
  };
}

function* responsesEvents(id, model, turn, body) {
  let sequence_number = 0;
  const event = (type, fields) => ({ type, sequence_number: sequence_number++, ...fields });
  const started = responsesAnswer(id, model, turn, body, 'in_progress');
  const finished = responsesAnswer(id, model, turn, body);
  yield event('response.created', { response: started });
  yield event('response.in_progress', { response: started });
  for (const [output_index, item] of finished.output.entries()) {
    const at = { item_id: item.id, output_index };
    if (item.type === 'message') {
      const empty = { type: 'output_text', text: '', annotations: [] };
      const open = { ...item, status: 'in_progress', content: [] };
      yield event('response.output_item.added', { output_index, item: open });
      yield event('response.content_part.added', { ...at, content_index: 0, part: empty });
      for (const delta of piecesOf(turn.text)) {
        yield event('response.output_text.delta', { ...at, content_index: 0, delta });
      }
      yield event('response.output_text.done', { ...at, content_index: 0, text: turn.text });
      yield event('response.content_part.done', {
        ...at,
        content_index: 0,
        part: item.content[0],
      });
    } else {
      const open = { ...item, status: 'in_progress', arguments: '' };
      yield event('response.output_item.added', { output_index, item: open });
      yield event('response.function_call_arguments.delta', { ...at, delta: item.arguments });
      yield event('response.function_call_arguments.done', { ...at, arguments: item.arguments });
    }
    yield event('response.output_item.done', { output_index, item });
  }
  yield event('response.completed', { response: finished });
}

// --- Anthropic messages --------------------------------------------------------------------------

function anthropicUsage(usage) {
  return {
    input_tokens: usage.input - usage.cached - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cached,
    output_tokens: usage.output,
    service_tier: 'standard',
  };
}

function anthropicBlocks(turn) {
  if (!turn.toolCalls) return [{ type: 'text', text: turn.text }];
  return turn.toolCalls.map((c) => ({
    type: 'tool_use',
    id: c.id,
    name: c.name,
    input: c.arguments,
  }));
}

function anthropicAnswer(id, model, turn) {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: anthropicBlocks(turn),
    stop_reason: turn.toolCalls ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: anthropicUsage(turn.usage),
  };
}

function* anthropicEvents(id, model, turn) {
  const whole = anthropicAnswer(id, model, turn);
  const message = {
    ...whole,
    content: [],
    stop_reason: null,
    usage: { ...whole.usage, output_tokens: 1 },
  };
  yield { type: 'message_start', message };
  for (const [index, block] of whole.content.entries()) {
    if (block.type === 'text') {
      yield { type: 'content_block_start', index, content_block: { type: 'text', text: '' } };
      for (const text of piecesOf(block.text)) {
        yield { type: 'content_block_delta', index, delta: { type: 'text_delta', text } };
      }
    } else {
      yield { type: 'content_block_start', index, content_block: { ...block, input: {} } };
      const partial_json = JSON.stringify(block.input);
      const delta = { type: 'input_json_delta', partial_json };
      yield { type: 'content_block_delta', index, delta };
    }
    yield { type: 'content_block_stop', index };
  }
  yield {
    type: 'message_delta',
    delta: { stop_reason: whole.stop_reason, stop_sequence: null },
    usage: whole.usage,
  };
  yield { type: 'message_stop' };
}

// --- The server ----------------------------------------------------------------------------------

const ROUTES = {
  '/v1/chat/completions': {
    messages: (body) => body.messages ?? [],
    answer: chatAnswer,
    *events(id, model, turn, body) {
      for (const data of chatChunks(id, model, turn, body.stream_options?.include_usage)) {
        yield { data };
      }
      yield { data: '[DONE]' };
    },
    errorBody: ({ type, code, message }) => ({ error: { message, type, param: null, code } }),
    idPrefix: 'chatcmpl-',
  },
  '/v1/responses': {
    messages: (body) =>
      typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input ?? [],
    answer: responsesAnswer,
    *events(id, model, turn, body) {
      for (const data of responsesEvents(id, model, turn, body)) yield { event: data.type, data };
    },
    errorBody: ({ type, code, message }) => ({ error: { message, type, param: null, code } }),
    idPrefix: 'resp_',
  },
  '/v1/messages': {
    messages: (body) => body.messages ?? [],
    answer: anthropicAnswer,
    *events(id, model, turn) {
      for (const data of anthropicEvents(id, model, turn)) yield { event: data.type, data };
    },
    errorBody: ({ type, message }) => ({ type: 'error', error: { type, message } }),
    idPrefix: 'msg_',
  },
};

async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_fake' });
  response.end(JSON.stringify(body));
}

async function sendEvents(response, events) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  await delay(FIRST_PIECE_DELAY_MS);
  for (const { event, data } of events) {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    response.write(`${event ? `event: ${event}\n` : ''}data: ${text}\n\n`);
    await delay(BETWEEN_PIECES_MS);
  }
  response.end();
}

/** The vector depends on the input alone, and has no two equal neighbours. */
function embeddingOf(text, dimensions) {
  const seed = [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 9973, 7);
  return Array.from({ length: dimensions }, (_, i) => ((seed * (i + 1)) % 997) / 997);
}

function answerEmbeddings(body) {
  const inputs = [].concat(body.input);
  const floats = inputs.map((text) => embeddingOf(String(text), body.dimensions ?? 8));
  const encode = (vector) =>
    body.encoding_format === 'base64'
      ? Buffer.from(Float32Array.from(vector).buffer).toString('base64')
      : vector;
  const tokens = EMBEDDING_USAGE_PER_INPUT * inputs.length;
  return {
    object: 'list',
    model: RESPONSE_MODELS[body.model] ?? body.model,
    data: floats.map((v, index) => ({ object: 'embedding', index, embedding: encode(v) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/**
 * Starts the provider on a free loopback port.
 * @returns {Promise<{url: string, ledger: object[], close: () => Promise<void>}>} `url` has no
 *   trailing slash and no `/v1`. Ledger rows: `{path, model, responseId, streamed, usage}` for
 *   answers, `{path, model, error}` for refusals.
 */
export async function startFakeProvider() {
  const ledger = [];
  let calls = 0;

  const handle = async (request, response) => {
    const path = new URL(request.url, 'http://provider').pathname;
    if (request.method === 'GET' && path === '/ledger') return sendJson(response, 200, ledger);
    const body = request.method === 'POST' ? await readJson(request) : {};
    if (path === '/v1/embeddings') {
      const answer = answerEmbeddings(body);
      const usage = { input: answer.usage.prompt_tokens, output: 0, cached: 0, reasoning: 0 };
      ledger.push({ path, model: body.model, streamed: false, usage });
      return sendJson(response, 200, answer);
    }
    const route = ROUTES[path];
    if (!route) return sendJson(response, 404, { error: { message: `no route ${path}` } });
    const turn = pickTurn(route.messages(body));
    if (!turn) return sendJson(response, 400, { error: { message: 'no scenario matches' } });
    if (turn.error) {
      ledger.push({ path, model: body.model, error: turn.error });
      return sendJson(response, turn.error.status, route.errorBody(turn.error));
    }
    const responseId = `${route.idPrefix}fake${++calls}`;
    const model = RESPONSE_MODELS[body.model] ?? body.model;
    const streamed = body.stream === true;
    ledger.push({ path, model: body.model, responseId, streamed, usage: turn.usage });
    if (streamed) return sendEvents(response, route.events(responseId, model, turn, body));
    return sendJson(response, 200, route.answer(responseId, model, turn, body));
  };

  const server = http.createServer((request, response) => {
    handle(request, response).catch((error) => {
      if (!response.headersSent) sendJson(response, 500, { error: { message: String(error) } });
      else response.destroy(error);
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}`, ledger, close };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const provider = await startFakeProvider();
  process.stdout.write(`${JSON.stringify({ url: provider.url })}\n`);
  process.once('SIGTERM', () => void provider.close().then(() => process.exit(0)));
}
