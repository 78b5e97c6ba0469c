// SPDX-License-Identifier: Apache-2.0

import {
  isArray,
  isBlank,
  isObject,
  parseEmbeddedJson,
  readNumber,
  readObject,
  readObjects,
  readText,
} from '../base/json';
import type { JsonObject } from '../base/json';
import type { Body, Conversation, Message, MessagePart } from '../model/message';
import type { Wire } from './wire';

/** Only this server's own paths are followed; anything else is shown as the value it is. */
function contentUrlOf(object: JsonObject): string | undefined {
  const url = readText(object, 'content_url');
  return url?.startsWith('/api/') === true ? url : undefined;
}

/**
 * A body, or undefined if there is nothing in it. A large one is an object with `content_url` and its
 * beginning as `preview`, or has its `content_url` beside it in `owner`.
 */
export function decodeBody(value: unknown, owner?: JsonObject): Body | undefined {
  const holder = isObject(value) && contentUrlOf(value) !== undefined ? value : owner;
  const contentUrl = holder === undefined ? undefined : contentUrlOf(holder);
  if (holder !== undefined && contentUrl !== undefined) {
    const start = holder === value ? (holder['preview'] ?? holder['content']) : value;
    return {
      kind: 'cut',
      contentUrl,
      preview:
        typeof start === 'string'
          ? start
          : isBlank(start)
            ? ''
            : JSON.stringify(start, undefined, 2),
      size: readNumber(holder, 'size'),
    };
  }
  return isBlank(value) ? undefined : { kind: 'inline', value: parseEmbeddedJson(value) };
}

const nothing: Body = { kind: 'inline', value: '' };

/** What a generic part holds besides its type. */
function remainder(part: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(part).filter(([key]) => key !== 'type'));
}

/** Text as it is: base64 is neither prose nor JSON. */
function decodeMediaData(part: JsonObject): Body | undefined {
  const content = part['content'];
  if (typeof content === 'string' && contentUrlOf(part) === undefined)
    return content === '' ? undefined : { kind: 'inline', value: content };
  return decodeBody(content, part);
}

export function decodePart(part: JsonObject): MessagePart {
  const type = readText(part, 'type') ?? 'text';
  const name = readText(part, 'name');
  const id = readText(part, 'id');
  switch (type) {
    case 'text':
    case 'reasoning': {
      const content = part['content'];
      // Prose stays prose: text that happens to be JSON is not unfolded, only bodies of tools are.
      const body: Body | undefined =
        typeof content === 'string' && contentUrlOf(part) === undefined
          ? { kind: 'inline', value: content }
          : decodeBody(content, part);
      return { type, body: body ?? nothing };
    }
    case 'tool_call':
      return { type, name, id, body: decodeBody(part['arguments'], part) ?? nothing };
    case 'tool_call_response':
      return {
        type,
        name,
        id,
        body: decodeBody(part['response'] ?? part['result'], part) ?? nothing,
      };
    case 'blob':
    case 'uri':
    case 'file':
      return {
        type: 'media',
        modality: readText(part, 'modality') ?? type,
        mimeType: readText(part, 'mime_type'),
        source: readText(part, 'uri') ?? readText(part, 'file_id') ?? 'embedded',
        data: type === 'blob' ? decodeMediaData(part) : undefined,
      };
    default:
      return { type: 'other', label: type, body: decodeBody(remainder(part), part) ?? nothing };
  }
}

export function decodeMessage(message: JsonObject): Message {
  const parts = readObjects(message, 'parts').map(decodePart);
  const content = readText(message, 'content');
  return {
    role: readText(message, 'role') ?? 'unknown',
    name: readText(message, 'name'),
    parts:
      parts.length === 0 && content !== undefined
        ? [{ type: 'text', body: { kind: 'inline', value: content } }]
        : parts,
    finishReason: readText(message, 'finish_reason'),
  };
}

/** The conversation of a span, or undefined if it has none. */
export function decodeConversation(span: Wire<'Span'>): Conversation | undefined {
  const messages: Wire<'Conversation'> | undefined = readObject(span, 'messages');
  if (messages === undefined) return undefined;
  const { system } = messages;
  const conversation: Conversation = {
    system: isArray(system)
      ? system.filter(isObject).map(decodePart)
      : isBlank(system)
        ? []
        : [{ type: 'text', body: decodeBody(system) ?? nothing }],
    input: readObjects(messages, 'input').map(decodeMessage),
    output: readObjects(messages, 'output').map(decodeMessage),
    tools: decodeBody(messages.tools),
  };
  const isEmpty =
    conversation.system.length === 0 &&
    conversation.input.length === 0 &&
    conversation.output.length === 0 &&
    conversation.tools === undefined;
  return isEmpty ? undefined : conversation;
}
