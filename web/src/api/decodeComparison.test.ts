// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeComparison } from './decodeComparison';

const head = { trace_id: 'a'.repeat(32), status: 'completed', cost: null, cost_status: null };
const span = { span_id: 'b'.repeat(16), name: 'chat', kind: 'llm', status: 'completed' };
const differs = { duration: 1.5, total_tokens: null, cost: null };

describe('decodeComparison', () => {
  it('reads two runs', () => {
    const answer = decodeComparison({
      of: 'runs',
      a: head,
      b: head,
      difference: differs,
      edits: { removed: 2, added: 1, moved: 0, renamed: 0, changed: 3, retried: 0 },
      first_divergence: { a: span.span_id, b: null, edit: 'removed' },
      steps: [
        { a: span, b: null, edits: ['removed'], attempts: [], changed: {}, difference: null },
        {
          a: span,
          b: span,
          edits: ['changed'],
          attempts: [],
          changed: { output: { from: 3, a: 'yes', b: 'no' }, status: { a: 'ok', b: 'failed' } },
          difference: differs,
        },
      ],
      steps_left_out: 0,
      is_approximate: false,
    });
    expect(answer).toMatchObject({
      of: 'runs',
      difference: { seconds: 1.5, tokens: undefined, usd: undefined },
      edits: { removed: 2, added: 1, changed: 3 },
      partsAt: `${span.span_id}-`,
      steps: [
        { id: `${span.span_id}-`, b: undefined, difference: undefined },
        { output: { from: 3, a: 'yes', b: 'no' }, input: undefined, hasOtherStatus: true },
      ],
    });
  });

  it('reads two baskets', () => {
    const estimate = { value: 2, low: 1, high: 3 };
    const answer = decodeComparison({
      of: 'baskets',
      a: { filter: 'workflow_id=shop', runs: 9, has_more: true },
      b: { filter: 'workflow_id=desk', runs: 3, has_more: false },
      in_both: 1,
      message: null,
      figures: {
        duration: {
          a: { runs: 9, mean: 2, p50: estimate, p95: estimate },
          b: null,
          difference: null,
          verdict: 'not_enough_data',
        },
      },
      failure_rate: {
        a: { runs: 9, failed: 1, ...estimate },
        b: { runs: 0, failed: 0, value: 0, low: 0, high: 100 },
        verdict: 'not_enough_data',
      },
      more_in_a: [],
      more_in_b: [],
    });
    expect(answer).toMatchObject({
      of: 'baskets',
      a: { runs: 9, hasMore: true },
      inBoth: 1,
      figures: [
        { id: 'duration', a: { runs: 9, middle: estimate, p95: estimate }, b: undefined },
        // A rate of no runs is unknown, and not zero.
        { id: 'failure_rate', a: { runs: 9, middle: estimate, p95: undefined }, b: undefined },
        { id: 'cost', a: undefined },
        { id: 'total_tokens', a: undefined },
      ],
    });
  });

  it.each([
    ['another kind', { of: 'spans' }],
    ['a step that is in neither', { of: 'runs', a: head, b: head, steps: [{ a: null, b: null }] }],
    ['nothing', undefined],
  ])('refuses %s', (_name, answer) => expect(() => decodeComparison(answer)).toThrow());
});
