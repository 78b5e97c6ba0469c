// SPDX-License-Identifier: Apache-2.0
// A model call in the forms in which providers take one, for trying it again elsewhere.

import { isArray, isObject } from '../base/json';
import type { JsonObject } from '../base/json';
import { prettyText } from '../base/jsonText';
import type { Body, Conversation, Message, MessagePart } from './message';
import { plainText } from './message';

/** Gives the whole of a body that was sent in part. */
export type LoadBody = (contentUrl: string) => Promise<string>;

async function wholeBody(body: Body, load: LoadBody): Promise<Body> {
  return body.kind === 'inline' ? body : { kind: 'inline', value: await load(body.contentUrl) };
}

async function wholePart(part: MessagePart, load: LoadBody): Promise<MessagePart> {
  if (part.type === 'media')
    return part.data === undefined ? part : { ...part, data: await wholeBody(part.data, load) };
  return { ...part, body: await wholeBody(part.body, load) };
}

function wholeMessages(messages: readonly Message[], load: LoadBody): Promise<readonly Message[]> {
  return Promise.all(
    messages.map(async (message) => ({
      ...message,
      parts: await Promise.all(message.parts.map((part) => wholePart(part, load))),
    })),
  );
}

/** The conversation with everything that was left out of it loaded: a copy must not end in the middle. */
export async function wholeConversation(
  conversation: Conversation,
  load: LoadBody,
): Promise<Conversation> {
  const { system, input, output, tools } = conversation;
  return {
    system: await Promise.all(system.map((part) => wholePart(part, load))),
    input: await wholeMessages(input, load),
    output: await wholeMessages(output, load),
    tools: tools === undefined ? undefined : await wholeBody(tools, load),
  };
}

export interface CallFacts {
  readonly model: string | undefined;
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
}

function valueOf(body: Body): unknown {
  return body.kind === 'inline' ? body.value : body.preview;
}

function textOf(body: Body): string {
  return prettyText(valueOf(body));
}

/** Arguments as an object, which is how Anthropic takes them. */
function objectOf(body: Body): unknown {
  const value = valueOf(body);
  if (typeof value !== 'string') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return parsed;
  } catch {
    return value === '' ? {} : { input: value };
  }
}

function dataUrl(part: MessagePart & { readonly type: 'media' }): string {
  if (part.data === undefined) return part.source;
  return `data:${part.mimeType ?? 'application/octet-stream'};base64,${textOf(part.data)}`;
}

function openAiPart(part: MessagePart): readonly JsonObject[] {
  if (part.type === 'media') return [{ type: 'image_url', image_url: { url: dataUrl(part) } }];
  return part.type === 'text' ? [{ type: 'text', text: textOf(part.body) }] : [];
}

/** Text alone is a text, with anything else it is a list. */
function openAiContent(parts: readonly MessagePart[]): unknown {
  const shown = parts.flatMap(openAiPart);
  if (shown.length === 0) return undefined;
  if (parts.some((part) => part.type === 'media')) return shown;
  return shown.map((part) => part['text']).join('\n\n');
}

function openAiMessages(message: Message): readonly JsonObject[] {
  const responses = message.parts.filter((part) => part.type === 'tool_call_response');
  const results = responses.map((part) => ({
    role: 'tool',
    tool_call_id: part.id ?? '',
    content: textOf(part.body),
  }));
  const calls = message.parts
    .filter((part) => part.type === 'tool_call')
    .map((part) => ({
      id: part.id ?? '',
      type: 'function',
      function: { name: part.name ?? '', arguments: JSON.stringify(objectOf(part.body)) },
    }));
  const content = openAiContent(message.parts);
  if (content === undefined && calls.length === 0) return results;
  const said = {
    role: message.role === 'model' ? 'assistant' : message.role,
    ...(message.name === undefined ? {} : { name: message.name }),
    content: content ?? '',
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return [said, ...results];
}

function listOf(value: unknown): readonly unknown[] {
  return isArray(value) ? value : [];
}

/** What a tool is called and takes, however the sender spelled it. */
function toolFacts(tool: unknown): JsonObject | undefined {
  if (!isObject(tool)) return undefined;
  const inner = isObject(tool['function']) ? tool['function'] : tool;
  const parameters = inner['parameters'] ?? inner['input_schema'] ?? inner['inputSchema'];
  return {
    name: inner['name'],
    ...(inner['description'] === undefined ? {} : { description: inner['description'] }),
    parameters: parameters ?? { type: 'object', properties: {} },
  };
}

function toolsOf(tools: Body | undefined): readonly JsonObject[] {
  if (tools === undefined) return [];
  const value = objectOf(tools);
  return listOf(value).flatMap((tool) => {
    const facts = toolFacts(tool);
    return facts === undefined ? [] : [facts];
  });
}

/** For POST /v1/chat/completions. */
export function toOpenAi(conversation: Conversation, facts: CallFacts): JsonObject {
  const tools = toolsOf(conversation.tools);
  const system = plainText(conversation.system);
  return {
    model: facts.model ?? '',
    ...(facts.temperature === undefined ? {} : { temperature: facts.temperature }),
    ...(facts.maxTokens === undefined ? {} : { max_tokens: facts.maxTokens }),
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...conversation.input.flatMap(openAiMessages),
    ],
    ...(tools.length === 0
      ? {}
      : { tools: tools.map((tool) => ({ type: 'function', function: tool })) }),
  };
}

function anthropicPart(part: MessagePart): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: textOf(part.body) };
    case 'tool_call':
      return {
        type: 'tool_use',
        id: part.id ?? '',
        name: part.name ?? '',
        input: objectOf(part.body),
      };
    case 'tool_call_response':
      return { type: 'tool_result', tool_use_id: part.id ?? '', content: textOf(part.body) };
    case 'media':
      return {
        type: 'image',
        source:
          part.data === undefined
            ? { type: 'url', url: part.source }
            : { type: 'base64', media_type: part.mimeType ?? '', data: textOf(part.data) },
      };
    case 'other':
      return { type: 'text', text: textOf(part.body) };
    case 'reasoning':
      return undefined;
  }
}

const leastMaxTokens = 1024;

/** For POST /v1/messages. */
export function toAnthropic(conversation: Conversation, facts: CallFacts): JsonObject {
  const isSystem = (message: Message): boolean => message.role === 'system';
  const system = [
    plainText(conversation.system),
    ...conversation.input.filter(isSystem).map((message) => plainText(message.parts)),
  ].filter((text) => text !== '');
  const tools = toolsOf(conversation.tools);
  return {
    model: facts.model ?? '',
    max_tokens: facts.maxTokens ?? leastMaxTokens,
    ...(facts.temperature === undefined ? {} : { temperature: facts.temperature }),
    ...(system.length === 0 ? {} : { system: system.join('\n\n') }),
    messages: conversation.input
      .filter((message) => !isSystem(message))
      .map((message) => ({
        role: message.role === 'assistant' || message.role === 'model' ? 'assistant' : 'user',
        content: message.parts.flatMap((part) => {
          const taken = anthropicPart(part);
          return taken === undefined ? [] : [taken];
        }),
      })),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })),
        }),
  };
}
