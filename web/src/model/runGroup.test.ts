// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { turnOf } from './runGroup';
import type { TurnRow } from './runGroup';

const root: TurnRow = { kind: 'agent', input: 'Where is it?', output: 'Here.', error: undefined };
const bare: TurnRow = { ...root, input: undefined, output: undefined };
const guard: TurnRow = { ...bare, kind: 'guardrail', input: 'checked text' };
const call: TurnRow = { kind: 'llm', input: 'A question', output: 'An answer', error: undefined };

describe('what a turn was about', () => {
  it('is what its root was asked and answered', () => {
    expect(turnOf([root, call], true, false)).toEqual({
      question: 'Where is it?',
      answer: 'Here.',
      error: undefined,
    });
  });

  it('is what the first and the last model call say where the root says nothing', () => {
    const last = { ...call, output: 'Done' };
    expect(turnOf([bare, guard, call, last], true, false)).toMatchObject({
      question: 'A question',
      answer: 'Done',
    });
  });

  it('is not what a tool gave its root last', () => {
    const told = { ...root, input: '"exit code 1\\n..F"' };
    expect(turnOf([told, call], true, false).question).toBe('A question');
    expect(turnOf([told], true, false).question).toBe('exit code 1 ..F');
  });

  it('reads what is JSON', () => {
    const asked = { ...root, input: '{"args":["Can I skip a version?"],"kwargs":{}}' };
    expect(turnOf([asked], true, false).question).toBe('Can I skip a version?');
  });

  it('has no answer where the last calls are not among the rows', () => {
    expect(turnOf([bare, call], false, false).answer).toBeUndefined();
  });

  it('tells an error only of a run that failed', () => {
    const failed = { ...call, error: 'timed out' };
    expect(turnOf([bare, failed], true, true).error).toBe('timed out');
    expect(turnOf([bare, failed], true, false).error).toBeUndefined();
  });
});
