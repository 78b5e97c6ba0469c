// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { signLabel, signsBySpan, summarizeSigns } from './sign';
import type { Sign } from './sign';

const sign = (kind: string, spanId?: string, message = `about ${kind}`): Sign => ({
  kind,
  spanId,
  message,
  raisedAtNs: 1n,
});

describe('signs', () => {
  it.each([
    ['one of a known kind', [sign('call_cycle')], 'Loop'],
    ['the latest of several', [sign('silent'), sign('step_overdue')], 'Overdue +1'],
    ['of a kind that is new', [sign('model_downgrade')], 'model downgrade'],
    ['none', [], undefined],
  ])('are summarized: %s', (_name, signs, expected) => {
    expect(summarizeSigns(signs)).toBe(expected);
  });

  it('are gathered by span', () => {
    const signs = [sign('silent'), sign('step_overdue', 'a'), sign('call_cycle', 'a')];
    expect([...signsBySpan(signs)]).toEqual([['a', 'about step_overdue\nabout call_cycle']]);
  });

  it('have names of their own', () => {
    const kinds = [
      'step_overdue',
      'silent',
      'repeated_call',
      'call_cycle',
      'token_surge',
      'cost_surge',
    ];
    expect(new Set(kinds.map((kind) => signLabel(sign(kind)))).size).toBe(kinds.length);
  });
});
