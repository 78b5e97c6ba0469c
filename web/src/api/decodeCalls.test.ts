// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeCallPage } from './decodeCalls';

const listed = {
  trace_id: 'a'.repeat(32),
  span_id: 'b'.repeat(16),
  kind: 'llm',
  step_name: 'chat m',
  status: 'completed',
  start_time: '2026-03-01T12:00:00Z',
  duration: 1.5,
  model: 'acme/m',
  agent: null,
  input_tokens: 10,
  cache_read_tokens: 4,
  cache_write_tokens: 0,
  output_tokens: 2,
  reasoning_tokens: 0,
  cost: 0.25,
};
const of = (change: object) =>
  decodeCallPage({ spans: [{ ...listed, ...change }], next_cursor: null }).calls[0];

describe('calls as they are listed', () => {
  it('are read whole', () => {
    expect(of({})).toMatchObject({
      kind: 'llm',
      name: 'chat m',
      model: 'acme/m',
      agent: undefined,
      tokens: { input: 10, cacheRead: 4, output: 2 },
      usd: 0.25,
    });
  });

  it.each([
    ['a free call costs nothing', { cost: 0 }, 0],
    ['no price is no cost', { cost: null }, undefined],
    [
      'nothing for no tokens is not known',
      { cost: 0, input_tokens: 0, output_tokens: 0 },
      undefined,
    ],
  ])('%s', (_name, change, usd) => {
    expect(of(change)?.usd).toBe(usd);
  });

  it('have no tokens where none were told of', () => {
    expect(of({ input_tokens: 0, output_tokens: 0 })?.tokens).toBeUndefined();
    expect(of({ output_tokens: 0 })?.tokens).toMatchObject({ input: 10, output: 0 });
  });

  it('must have their ids, and a list', () => {
    expect(() => of({ span_id: null })).toThrow('a step has no ids');
    expect(() => decodeCallPage({})).toThrow('has no "spans"');
  });
});
