// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { toAnthropic, toOpenAi, wholeConversation } from './copyFormats';
import { toCurl, toMarkdown } from './copyTexts';
import type { Conversation } from './message';

const inline = (value: unknown) => ({ kind: 'inline', value }) as const;
const plain = { name: undefined, finishReason: undefined };

const conversation: Conversation = {
  system: [{ type: 'text', body: inline('Be brief.') }],
  tools: inline([
    { type: 'function', function: { name: 'bash', description: 'Runs', parameters: { a: 1 } } },
    { name: 'read', input_schema: { b: 2 } },
  ]),
  input: [
    { ...plain, role: 'user', parts: [{ type: 'text', body: inline("What's up?") }] },
    {
      ...plain,
      role: 'assistant',
      parts: [
        { type: 'reasoning', body: inline('hidden') },
        { type: 'tool_call', id: 'c1', name: 'bash', body: inline({ cmd: 'ls' }) },
      ],
    },
    {
      ...plain,
      role: 'tool',
      parts: [{ type: 'tool_call_response', id: 'c1', name: undefined, body: inline('a.txt') }],
    },
  ],
  output: [{ ...plain, role: 'assistant', parts: [{ type: 'text', body: inline('Done.') }] }],
};
const facts = { model: 'gpt-4.1', temperature: 0.2, maxTokens: undefined };

describe('a call to be made again', () => {
  it('as OpenAI takes it', () => {
    expect(toOpenAi(conversation, facts)).toEqual({
      model: 'gpt-4.1',
      temperature: 0.2,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: "What's up?" },
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'bash', arguments: '{"cmd":"ls"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'a.txt' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'bash', description: 'Runs', parameters: { a: 1 } },
        },
        { type: 'function', function: { name: 'read', parameters: { b: 2 } } },
      ],
    });
  });

  it('as Anthropic takes it', () => {
    expect(toAnthropic(conversation, { ...facts, maxTokens: 500 })).toEqual({
      model: 'gpt-4.1',
      max_tokens: 500,
      temperature: 0.2,
      system: 'Be brief.',
      messages: [
        { role: 'user', content: [{ type: 'text', text: "What's up?" }] },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'c1', name: 'bash', input: { cmd: 'ls' } }],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'a.txt' }],
        },
      ],
      tools: [
        { name: 'bash', description: 'Runs', input_schema: { a: 1 } },
        { name: 'read', input_schema: { b: 2 } },
      ],
    });
  });

  it('as a command, in which a quote ends nothing', () => {
    const command = toCurl(conversation, facts);
    expect(command).toContain(String.raw`What'\''s up?`);
    expect(command).toContain('$OPENAI_API_KEY');
    expect(toCurl(conversation, { ...facts, model: 'claude-x' })).toContain('/v1/messages');
  });

  it('as a text', () => {
    expect(toMarkdown('call', conversation)).toContain('## assistant (answer)\n\nDone.');
  });

  it('with everything that was not sent at first', async () => {
    const cut = { kind: 'cut', preview: 'beg', contentUrl: '/api/1', size: 10 } as const;
    const whole = await wholeConversation(
      {
        ...conversation,
        input: [{ ...plain, role: 'user', parts: [{ type: 'text', body: cut }] }],
      },
      (url) => Promise.resolve(`all of ${url}`),
    );
    expect(toOpenAi(whole, facts)['messages']).toContainEqual({
      role: 'user',
      content: 'all of /api/1',
    });
  });

  it('is not copied at all when a part of it cannot be had', async () => {
    const cut = { kind: 'cut', preview: 'beg', contentUrl: '/api/1', size: 10 } as const;
    await expect(
      wholeConversation({ ...conversation, tools: cut }, () => Promise.reject(new Error('gone'))),
    ).rejects.toThrow('gone');
  });
});
