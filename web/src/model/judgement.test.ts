// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { newestOfRun, parseScoreValue, scoreText } from './judgement';
import type { Score } from './judgement';

const score = (id: string, changes: Partial<Score>): Score => ({
  id,
  name: 'quality',
  value: 1,
  label: undefined,
  spanId: undefined,
  comment: undefined,
  source: 'person',
  author: undefined,
  timeNs: undefined,
  ...changes,
});

describe('a typed score', () => {
  it.each([
    ['0.8', 0.8],
    [' 1 ', 1],
    ['0,5', 0.5],
    ['-3', -3],
    ['.5', 0.5],
    ['yes', true],
    ['False', false],
    ['friendly', 'friendly'],
    ['1.2.3', '1.2.3'],
    ['1e9', '1e9'],
    ['Infinity', 'Infinity'],
    ['  ', undefined],
  ])('“%s” is %s', (typed, value) => {
    expect(parseScoreValue(typed)).toBe(value);
  });
});

describe('a score', () => {
  it.each([
    [{ value: 0.123456, label: undefined }, '0.123'],
    [{ value: 0.9, label: 'grounded' }, '0.9 (grounded)'],
    [{ value: true, label: undefined }, 'yes'],
    [{ value: 'good', label: 'good' }, 'good'],
  ])('%o is read as %s', (given, text) => {
    expect(scoreText(given)).toBe(text);
  });

  it('of a run is the newest of its name', () => {
    const scores = [
      score('3', { value: 0.9 }),
      score('2', { name: 'tone', spanId: 's1' }),
      score('1', { value: 0.1 }),
      score('0', { name: 'tone', value: 'kind' }),
    ];
    expect(newestOfRun(scores).map(({ id }) => id)).toEqual(['3', '0']);
  });
});
