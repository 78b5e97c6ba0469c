// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { sumByName, sumOfAll } from './nameSums';
import { makeAwaitedSpan } from './span';
import type { Usage } from './span';
import { makeSpan } from './spanBuilder';

const usage = (total: number): Usage => ({
  total,
  inputTotal: total,
  outputTotal: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  reasoning: undefined,
  audioIn: undefined,
  audioOut: undefined,
});

describe('spans of one name', () => {
  it('are summed up, and those of another kind are not among them', () => {
    const sums = sumByName([
      makeSpan('a', { title: 'grep', kind: 'tool', durationSeconds: 1, selfSeconds: 0.5 }),
      makeSpan('b', { title: 'grep', kind: 'tool', durationSeconds: 3, status: 'failed' }),
      makeSpan('c', { title: 'grep', kind: 'tool', durationSeconds: 2, selfSeconds: 0.25 }),
      makeSpan('d', { title: 'grep', kind: 'agent' }),
      makeAwaitedSpan('e'),
    ]);
    expect(sums).toHaveLength(2);
    expect(sums[0]).toMatchObject({
      count: 3,
      errors: 1,
      totalSeconds: 6,
      medianSeconds: 2,
      longestSeconds: 3,
      longestId: 'b',
      selfSeconds: 0.75,
      tokens: undefined,
      usd: undefined,
    });
  });

  it('count each call once, and say when a price is not known', () => {
    const llm = { title: 'gpt', kind: 'llm' } as const;
    const [sum] = sumByName([
      makeSpan('a', { ...llm, usage: usage(10), cost: { kind: 'priced', usd: 0.5 } }),
      makeSpan('b', {
        ...llm,
        usage: usage(10),
        cost: { kind: 'priced', usd: 0.5 },
        isCounted: false,
      }),
      makeSpan('c', { ...llm, usage: usage(5), cost: { kind: 'unpriced' } }),
    ]);
    expect(sum).toMatchObject({ count: 3, tokens: 15, usd: 0.5, unpriced: 1 });
  });

  it('have no duration while none has ended', () => {
    const open = { endNs: undefined, durationSeconds: undefined, status: 'running' } as const;
    expect(sumOfAll([makeSpan('a', open)])).toMatchObject({
      count: 1,
      ended: 0,
      totalSeconds: 0,
      medianSeconds: undefined,
      longestSeconds: undefined,
      longestId: 'a',
    });
    expect(sumOfAll([])).toBeUndefined();
  });
});
