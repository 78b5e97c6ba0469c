// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { stepDepths, stepVerdict } from './comparison';
import type { AlignedStep } from './comparison';
import type { Span } from './span';
import { makeSpan } from './spanBuilder';

type Facts = Partial<Span> & { readonly id: string };

function step(
  a: Facts | undefined,
  b: Facts | undefined,
  rest: Partial<AlignedStep> = {},
): AlignedStep {
  return {
    id: '1',
    a: a === undefined ? undefined : makeSpan(a.id, a),
    b: b === undefined ? undefined : makeSpan(b.id, b),
    edits: [],
    input: undefined,
    output: undefined,
    hasOtherStatus: false,
    difference: undefined,
    ...rest,
  };
}

const second = { id: 'x', durationSeconds: 1 };
const more = (seconds: number) => ({ difference: { seconds, tokens: 0, usd: 0 } });

describe('stepVerdict', () => {
  it.each([
    ['only left', step(second, undefined)],
    ['only right', step(undefined, second)],
    ['changed', step(second, second, { edits: ['changed'], ...more(5) })],
    ['slower', step(second, second, more(0.3))],
    ['faster', step(second, second, more(-0.3))],
    ['same', step(second, second, more(0.2))],
    ['same', step({ id: 'x', durationSeconds: 0.01 }, second, more(0.04))],
    ['same', step(second, second)],
  ])('%s', (verdict, given) => expect(stepVerdict(given)).toBe(verdict));
});

describe('stepDepths', () => {
  it('follows the parents of either run', () => {
    const steps = [
      step({ id: 'a0' }, { id: 'b0' }),
      step({ id: 'a1', parentId: 'a0' }, { id: 'b1', parentId: 'b0' }),
      step({ id: 'a2', parentId: 'a1' }, undefined),
      step(undefined, { id: 'b2', parentId: 'b0' }),
      step(undefined, { id: 'b3', parentId: 'not there' }),
    ];
    expect(stepDepths(steps)).toEqual([0, 1, 2, 1, 0]);
  });
});
