// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { sumRange } from './rangeSums';
import type { Span, Usage } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';

const second = 1_000_000_000n;

function usage(total: number): Usage {
  return {
    total,
    inputTotal: undefined,
    cacheRead: undefined,
    cacheWrite: undefined,
    outputTotal: undefined,
    reasoning: undefined,
    audioIn: undefined,
    audioOut: undefined,
  };
}

function ran(id: string, from: number, to: number | undefined, more: Partial<Span> = {}): Span {
  return makeSpan(id, {
    parentId: 'root',
    startNs: BigInt(from) * second,
    endNs: to === undefined ? undefined : BigInt(to) * second,
    ...more,
  });
}

const tree = buildSpanTree([
  ran('root', 0, 100, { parentId: undefined, kind: 'agent' }),
  ran('a', 0, 20, {
    title: 'gpt',
    kind: 'llm',
    usage: usage(100),
    cost: { kind: 'priced', usd: 1 },
  }),
  ran('b', 20, 30, { title: 'read', kind: 'tool' }),
  ran('c', 30, 60, { title: 'gpt', kind: 'llm', usage: usage(50), cost: { kind: 'unpriced' } }),
  ran('d', 40, 45, { title: 'read', kind: 'tool', status: 'failed' }),
  ran('e', 70, 80, { title: 'copy', kind: 'llm', usage: usage(9), isCounted: false }),
  ran('f', 90, undefined, { title: 'read', kind: 'tool', status: 'running' }),
]);
const scale = { startNs: 0n, seconds: 100 };

function sums(from: number, to: number): string {
  const { spans, errors, tokens, usd, unpriced } = sumRange(tree, scale, { from, to });
  return `${spans} spans ${errors} errors ${tokens ?? '-'} tokens ${usd ?? '-'} usd ${unpriced} unpriced`;
}

function names(from: number, to: number): string {
  return sumRange(tree, scale, { from, to })
    .names.map((name) => `${name.title} ${name.seconds}s ×${name.count} ${name.longestId}`)
    .join(', ');
}

describe('sumRange', () => {
  it.each([
    ['all of it', 0, 100, '7 spans 1 errors 150 tokens 1 usd 1 unpriced'],
    ['one call', 5, 10, '2 spans 0 errors 100 tokens 1 usd 0 unpriced'],
    ['calls without a price', 31, 50, '3 spans 1 errors 50 tokens - usd 1 unpriced'],
    ['what another span reports', 72, 73, '2 spans 0 errors - tokens - usd 0 unpriced'],
    ['nothing but the run', 62, 64, '1 spans 0 errors - tokens - usd 0 unpriced'],
    ['what has not ended', 95, 99, '2 spans 0 errors - tokens - usd 0 unpriced'],
  ])('%s', (_name, from, to, text) => expect(sums(from, to)).toBe(text));

  it.each([
    ['adds up by name', 0, 100, 'gpt 50s ×2 c, read 25s ×3 b, copy 10s ×1 e'],
    ['only what lies in the range', 10, 35, 'gpt 15s ×2 a, read 10s ×1 b'],
    ['the run itself is no name of its own', 62, 64, ''],
    ['up to the last known time', 95, 100, 'read 5s ×1 f'],
  ])('%s', (_name, from, to, text) => expect(names(from, to)).toBe(text));
});
