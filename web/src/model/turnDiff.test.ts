// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import type { Conversation, Message, MessagePart } from './message';
import { contentOf, contentsOf } from './turnDiff';

const text = (content: string): MessagePart => ({
  type: 'text',
  body: { kind: 'inline', value: content },
});
const say = (role: string, ...parts: readonly (string | MessagePart)[]): Message => ({
  role,
  name: undefined,
  finishReason: undefined,
  parts: parts.map((part) => (typeof part === 'string' ? text(part) : part)),
});
const call = (id: string, args: unknown = {}): MessagePart => ({
  type: 'tool_call',
  name: 'bash',
  id,
  body: { kind: 'inline', value: args },
});
const response = (id: string, value: string): MessagePart => ({
  type: 'tool_call_response',
  name: undefined,
  id,
  body: { kind: 'inline', value },
});
const conversation = (input: readonly Message[], output: readonly Message[]): Conversation => ({
  system: [],
  tools: undefined,
  input,
  output,
});

const first = conversation([say('user', 'fix it')], [say('assistant', 'looking', call('1'))]);
const second = conversation(
  [...first.input, ...first.output, say('tool', response('1', 'error 2'))],
  [say('assistant', 'found it')],
);

describe('what a call brought', () => {
  it('is all of the first', () => {
    expect(contentOf(first, [])).toMatchObject({ history: 0, isRewritten: false });
    expect(contentOf(first, []).newInput).toHaveLength(1);
  });

  it('is what follows the answer of the one before', () => {
    const content = contentOf(second, [first]);
    expect(content.history).toBe(2);
    expect(content.newInput).toEqual([second.input[2]]);
    expect(content.isRewritten).toBe(false);
  });

  it('finds the history again when reasoning was left out of it', () => {
    const thinking: MessagePart = { type: 'reasoning', body: { kind: 'inline', value: 'hm' } };
    const before = conversation(first.input, [say('assistant', thinking, 'looking', call('1'))]);
    expect(contentOf(second, [before]).history).toBe(2);
  });

  it('knows a tool call by its id, however its arguments are written', () => {
    const before = conversation(first.input, [say('assistant', 'looking', call('1', '{ }'))]);
    expect(contentOf(second, [before]).history).toBe(2);
  });

  it('says when the history was cut', () => {
    const short = conversation([say('user', 'fix it'), say('user', 'in short: …')], []);
    const content = contentOf(short, [second]);
    expect(content).toMatchObject({ history: 1, isRewritten: true });
    expect(content.newInput).toHaveLength(1);
  });

  it('is everything of a call that goes on with no other', () => {
    const other = conversation([say('user', 'sum this up')], []);
    expect(contentOf(other, [first, second])).toMatchObject({ history: 0, isRewritten: false });
  });

  it('goes on with the call it belongs to among those of two agents', () => {
    const other = conversation([say('user', 'translate')], [say('assistant', 'voilà')]);
    const contents = contentsOf([first, other, second]);
    expect(contents.map(({ history }) => history)).toEqual([0, 0, 2]);
  });

  it('is nothing of a call that is made again', () => {
    const again = conversation(first.input, []);
    expect(contentOf(again, [first])).toMatchObject({ history: 1, newInput: [] });
  });

  it('compares media by what they are', () => {
    const picture = (data: string): MessagePart => ({
      type: 'media',
      modality: 'image',
      mimeType: 'image/png',
      source: 'embedded',
      data: { kind: 'inline', value: data },
    });
    const before = conversation([say('user', picture('AAAA'))], []);
    expect(contentOf(conversation([say('user', picture('AAAA'))], []), [before]).history).toBe(1);
    expect(contentOf(conversation([say('user', picture('BBBB'))], []), [before]).history).toBe(0);
  });
});
