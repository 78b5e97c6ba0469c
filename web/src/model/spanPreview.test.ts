// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import type { Span } from './span';
import { makeSpan } from './spanBuilder';
import { previewOf } from './spanPreview';

const both = { inputPreview: 'in', outputPreview: 'out' };

describe('a span in a line', () => {
  it.each<[string, Partial<Span>, string | undefined]>([
    ['of a model what it answered', { kind: 'llm', ...both }, 'out'],
    ['of a model that has not answered', { kind: 'llm', inputPreview: 'in' }, 'in'],
    ['of an agent what came of it', { kind: 'agent', ...both }, 'out'],
    ['of a tool both', { kind: 'tool', ...both }, 'in → out'],
    ['of a tool that gave nothing', { kind: 'tool', inputPreview: 'in' }, 'in'],
    ['of a failure its reason', { status: 'failed', errorMessage: 'no\nat x', ...both }, 'no'],
    ['of a failure without a message', { status: 'failed', errorType: 'Timeout' }, 'Timeout'],
    ['of a failure without a reason', { status: 'failed', inputPreview: 'in' }, 'in'],
    ['nothing', {}, undefined],
  ])('%s', (_, changes, expected) => {
    expect(previewOf(makeSpan('a', changes))?.text).toBe(expected);
  });

  it('warns only of failures', () => {
    expect(previewOf(makeSpan('a', { status: 'failed', errorType: 'x' }))?.tone).toBe('error');
    expect(previewOf(makeSpan('a', { inputPreview: 'x' }))?.tone).toBe('plain');
  });
});
