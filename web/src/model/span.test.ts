// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { explainParentMissing, markRemarks, markWarnings, toSpanKind } from './span';

describe('marks', () => {
  it('warns of what is wrong and only remarks on the rest', () => {
    const marks = ['demo', 'end_before_start', 'from_log'];
    expect(markWarnings(marks)).toHaveLength(1);
    expect(markRemarks(marks)).toEqual([
      'sent by the demo',
      'built from a log event, not sent as a span',
    ]);
  });

  it('shows a mark it has never heard of', () => {
    expect(markWarnings(['cosmic_ray'])).toEqual(['cosmic ray']);
  });
});

describe('words of the contract', () => {
  it.each([
    ['llm', 'llm'],
    ['LLM', 'other'],
    [undefined, 'other'],
  ])('kind %s is %s', (word, kind) => {
    expect(toSpanKind(word)).toBe(kind);
  });

  it('explains a missing parent, known reason or not', () => {
    expect(explainParentMissing('never_exported')).toContain('never exported');
    expect(explainParentMissing('eaten_by_a_grue')).toContain('eaten by a grue');
  });
});
