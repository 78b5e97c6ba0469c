// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { exampleLine, expectedText, readExpected } from './dataset';

const message = (role: string, ...parts: object[]) => ({ role, parts });

describe('an example in a line', () => {
  it.each([
    ['a text', 'Where is\n my bag?', 'Where is my bag?'],
    ['a value', { level: 3 }, '{"level":3}'],
    ['nothing', null, 'null'],
    [
      'the last of its messages',
      {
        messages: [
          message('system', { type: 'text', content: 'Be kind.' }),
          message('user', { type: 'text', content: 'Hello' }, { type: 'text', content: 'there' }),
        ],
      },
      'Hello there',
    ],
    [
      'a message without text',
      { messages: [message('assistant', { type: 'tool_call', name: 'look' })] },
      '{"messages":[{"role":"assistant","parts":[{"type":"tool_call","name":"look"}]}]}',
    ],
    ['no message at all', { messages: [] }, '{"messages":[]}'],
  ])('is %s', (_, value, line) => {
    expect(exampleLine(value)).toBe(line);
  });
});

describe('what is expected', () => {
  it.each<[string, unknown, unknown]>([
    ['In Rome.', null, 'In Rome.'],
    ['{"a":1}', null, '{"a":1}'],
    ['3', 'two', '3'],
    ['{"a":2}', { a: 1 }, { a: 2 }],
    [' ', { a: 1 }, null],
  ])('%s instead of %j is %j', (text, before, value) => {
    expect(readExpected(text, before)).toEqual({ isValid: true, value });
  });

  it('refuses what is no value where one was', () => {
    expect(readExpected('{"a":', { a: 1 }).isValid).toBe(false);
  });

  it('is edited as text, or as JSON', () => {
    expect([expectedText('In Rome.'), expectedText({ a: 1 }), expectedText(null)]).toEqual([
      'In Rome.',
      '{ "a": 1 }',
      '',
    ]);
  });
});
