// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { callFilterParts, noCallFilter, parseCallAddress, parseCallQuery } from './callFilter';

describe('the address of a list of calls', () => {
  it('asks for calls of models, newest first, unless it says otherwise', () => {
    expect(parseCallAddress({ t: '1h' })).toEqual({
      asked: {
        filter: { t: '1h' },
        kind: 'llm',
        stepName: undefined,
        errorType: undefined,
        sort: '-start',
      },
      problems: [],
    });
    expect(parseCallAddress({ kind: 'all' }).asked.kind).toBeUndefined();
  });

  it.each([
    ['sort', '-cost'],
    ['kind', 'tool'],
    ['min_cost', '0.01'],
    ['step_name', 'read_file'],
    ['error_type', 'TimeoutError'],
    ['status', 'failed'],
    ['call', 'a.b'],
  ])('takes %s=%s', (key, value) => {
    expect(parseCallAddress({ [key]: value }, ['call']).problems).toEqual([]);
  });

  it.each([
    ['sort', 'errors'],
    ['kind', 'http'],
    ['status', 'running'],
    ['q', 'refund'],
    ['has_error', 'true'],
    ['execution_id', 'x'],
    ['min_tokens', 'many'],
    ['colour', 'red'],
  ])('says that %s=%s is not understood', (key, value) => {
    expect(parseCallAddress({ [key]: value }).problems).toMatchObject([{ key, value }]);
  });

  it('says each part in words, and takes all of them away', () => {
    const { asked } = parseCallAddress({
      agent: 'coder',
      min_cost: '0.01',
      step_name: 'shell',
      error_type: 'TimeoutError',
    });
    expect(callFilterParts(asked).map(({ text }) => text)).toEqual([
      'agent coder',
      'cost at least $0.01',
      'step shell',
      'error TimeoutError',
    ]);
    for (const { key } of callFilterParts(asked)) expect(noCallFilter).toHaveProperty(key);
  });
});

describe('what is typed above a list of calls', () => {
  it.each([
    ['read_file', { step_name: 'read_file' }],
    ['agent:coder cost>0.01', { agent: 'coder', min_cost: '0.01' }],
    ['has:error', { status: 'failed' }],
    ['shell tokens>2k', { step_name: 'shell', min_tokens: '2000' }],
  ])('%s', (typed, change) => {
    expect(parseCallQuery(typed)).toMatchObject({ change, unknown: [] });
  });

  it('names filters that calls do not have', () => {
    expect(parseCallQuery('run:abc').unknown).toMatchObject([{ text: 'execution_id:abc' }]);
  });
});
