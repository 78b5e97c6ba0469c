// SPDX-License-Identifier: Apache-2.0
// What a model call was told that the call before it had not been told, nor had said itself. Most calls
// of an agent repeat the whole conversation; only its end is new.

import type { Body, Conversation, Message, MessagePart } from './message';

/** What one model call brought into a conversation. */
export interface CallContent {
  readonly conversation: Conversation;
  readonly newInput: readonly Message[];
  /** Messages at the beginning that an earlier call had, or that answered it. */
  readonly history: number;
  /** True where an earlier call had messages that this one lacks: the history was cut or summed up. */
  readonly isRewritten: boolean;
}

function bodyKey(body: Body): string {
  return body.kind === 'cut'
    ? `${body.size ?? ''}:${body.preview}`
    : typeof body.value === 'string'
      ? body.value.trim()
      : JSON.stringify(body.value);
}

function partKey(part: MessagePart): string {
  switch (part.type) {
    case 'text':
      return `text ${bodyKey(part.body)}`;
    case 'tool_call':
    case 'tool_call_response':
      return `${part.type} ${part.id ?? ''} ${part.id === undefined ? bodyKey(part.body) : ''}`;
    case 'media':
      return `media ${part.source} ${part.data === undefined ? '' : bodyKey(part.data)}`;
    case 'other':
      return `${part.label} ${bodyKey(part.body)}`;
    case 'reasoning':
      return '';
  }
}

/**
 * The same for messages that say the same. Reasoning does not count: senders leave it out of the history.
 * Nor does the name of the role, since an answer may come back under another one.
 */
function messageKey(message: Message): string {
  return message.parts
    .filter((part) => part.type !== 'reasoning')
    .map(partKey)
    .join('\n');
}

/** One key for each message; made once, since each call is compared with several. */
const keys = new WeakMap<Message, string>();

function keyOf(message: Message): string {
  const known = keys.get(message);
  if (known !== undefined) return known;
  const key = messageKey(message);
  keys.set(message, key);
  return key;
}

/** How many messages two lists begin with alike. */
function commonLength(left: readonly Message[], right: readonly Message[]): number {
  const most = Math.min(left.length, right.length);
  for (let index = 0; index < most; index++) {
    const a = left[index];
    const b = right[index];
    if (a === undefined || b === undefined || keyOf(a) !== keyOf(b)) return index;
  }
  return most;
}

/** Earlier calls that one is compared with: agents that take turns may share a parent. */
const comparedCalls = 8;

/** What `call` brought, against the one of the earlier calls (in order of time) whose history it goes on with. */
export function contentOf(call: Conversation, earlier: readonly Conversation[]): CallContent {
  let history = 0;
  let closest: Conversation | undefined;
  for (const before of earlier.slice(-comparedCalls)) {
    const said = [...before.input, ...before.output];
    const common = commonLength(said, call.input);
    if (common >= history && common > 0) {
      history = common;
      closest = before;
    }
  }
  // A call that was repeated has the same input; then nothing of it is new, and all of it is shown as such.
  return {
    conversation: call,
    history,
    newInput: call.input.slice(history),
    isRewritten: closest !== undefined && history < closest.input.length,
  };
}

/** The contents of calls in order of time. */
export function contentsOf(calls: readonly Conversation[]): readonly CallContent[] {
  return calls.map((call, index) =>
    contentOf(call, calls.slice(Math.max(0, index - comparedCalls), index)),
  );
}
