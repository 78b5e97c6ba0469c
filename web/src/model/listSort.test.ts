// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { callSorts, readListSort, runSorts, sortChange, sortName } from './listSort';

describe('the order of a list', () => {
  it.each([
    [{}, '-start'],
    [{ sort: '-errors' }, '-errors'],
    [{ sort: 'cost' }, 'cost'],
  ])('%o', (search, sort) => {
    expect(readListSort(search, runSorts)).toEqual({ sort, problems: [] });
  });

  it('is a problem where the list has none of that name', () => {
    const { sort, problems } = readListSort({ sort: '-errors' }, callSorts);
    expect(sort).toBe('-start');
    expect(problems).toMatchObject([{ key: 'sort', value: '-errors' }]);
  });

  it('stands in the address unless it is the usual one', () => {
    expect(sortChange('-cost')).toEqual({ sort: '-cost' });
    expect(sortChange('-start')).toEqual({ sort: undefined });
  });

  it('has words for each', () => {
    for (const sort of [...callSorts, ...runSorts]) expect(sortName(sort)).toMatch(/ first$/);
  });
});
