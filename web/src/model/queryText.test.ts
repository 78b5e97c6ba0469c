// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { completions, hasFilter, parseQuery } from './queryText';

describe('what is typed into the search', () => {
  it.each([
    ['plain text', 'late refund', {}, 'late refund'],
    ['a filter', 'status:failed', { status: 'failed' }, ''],
    ['a filter and text', 'timeout agent:coder', { agent: 'coder' }, 'timeout'],
    ['short names', 'session:s-1 user:u', { session_id: 's-1', user_id: 'u' }, ''],
    ['a value with blanks', 'workflow:"Customer support"', { workflow_id: 'Customer support' }, ''],
    ['has:error', 'has:error', { has_error: 'true' }, ''],
    ['durations', 'duration>30s', { min_duration: '30' }, ''],
    ['costs', 'cost>0.01 cost<$2', { min_cost: '0.01', max_cost: '2' }, ''],
    ['tokens', 'tokens>2k late', { min_tokens: '2000' }, 'late'],
    ['a comparison of nothing that is known', 'retries>3', {}, 'retries>3'],
    ['exact text', '"status quo"', {}, 'status quo'],
    ['an address of the web', 'https://example.test/x', {}, 'https://example.test/x'],
    ['a time of day', '12:30', {}, '12:30'],
  ])('%s', (_name, typed, filters, text) => {
    expect(parseQuery(typed)).toEqual({ filters, text, unknown: [] });
  });

  it('names what it does not know, with the nearest that it does', () => {
    expect(parseQuery('agnt:coder').unknown[0]?.nearest).toBe('agent:coder');
    expect(parseQuery('status:faild').unknown[0]?.nearest).toBe('status:failed');
    expect(parseQuery('colour:red').unknown[0]).toMatchObject({ text: 'colour:red' });
    expect(parseQuery('colour:red').filters).toEqual({});
    expect(parseQuery('tokens<5').unknown[0]).toMatchObject({ text: 'tokens<5' });
    expect(parseQuery('cost>1.2.3').unknown[0]).toMatchObject({ text: 'cost>1.2.3' });
  });

  it('completes names and values', () => {
    expect(completions('late wor', {})).toEqual(['late workflow:']);
    expect(completions('status:ca', {})).toEqual(['status:cancelled']);
    expect(completions('agent:co', { agent: ['coder', 'big one', 'Cook'] })).toEqual([
      'agent:coder',
      'agent:Cook',
    ]);
    expect(completions('agent:b', { agent: ['big one'] })).toEqual(['agent:"big one"']);
    expect(completions('late ', {})).toEqual([]);
  });
});

describe('what waits for Enter', () => {
  it.each([
    ['status:fail', true],
    ['agent:coder refund', true],
    ['cost>0.01', true],
    ['refund of an order', false],
    ['https://example.test/a', false],
    ['', false],
  ])('“%s”: %s', (typed, waits) => {
    expect(hasFilter(typed)).toBe(waits);
  });
});
