// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { countedFilter, joinModels, keepOrder, notCounted, withChosen, without } from './facets';

const value = (name: string, count: number, failed = 0) => ({ value: name, count, failed });

describe('filters of counts', () => {
  const filter = { status: 'failed', q: 'refund', model: 'gpt', t: '1h', session_id: 's' };
  it('follow what the server can count runs by', () => {
    expect(countedFilter(filter, 'runs')).toEqual({ status: 'failed', t: '1h', session_id: 's' });
  });
  it('leave out of steps what means another thing of a step', () => {
    expect(countedFilter(filter, 'steps')).toEqual({ t: '1h', session_id: 's' });
  });
  it('say what they do not follow', () => {
    expect(notCounted(filter).map(({ key }) => key)).toEqual(['q', 'model']);
    expect(notCounted({ status: 'failed', from: '2026-01-01T00:00:00Z' })).toEqual([]);
  });
  it('leave out the field whose values they count', () => {
    expect(countedFilter(without(filter, 'status'), 'runs')).toEqual({ t: '1h', session_id: 's' });
  });
});

describe('values', () => {
  it('of models are named as lists name them, each once', () => {
    const joined = joinModels([
      value('azure/gpt', 2, 1),
      value('haiku', 4),
      value('openai/gpt', 3, 1),
      value('', 9),
    ]);
    expect(joined).toEqual([value('gpt', 5, 2), value('haiku', 4)]);
  });
  it('keep their places while they are read', () => {
    const kept = keepOrder([value('a', 5), value('b', 4)], [value('c', 9), value('b', 8)]);
    expect(kept).toEqual([value('a', 0), value('b', 8), value('c', 9)]);
    expect(keepOrder(undefined, [value('c', 9)])).toEqual([value('c', 9)]);
  });
  it('have the chosen one among them', () => {
    expect(withChosen([value('a', 1)], 'b')).toEqual([value('a', 1), value('b', 0)]);
    expect(withChosen([value('a', 1)], 'a')).toEqual([value('a', 1)]);
  });
});
