// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { parseRunSearch, unknownOfRun } from './url';

describe('the address of a run', () => {
  it('says what is shown', () => {
    const search = { view: 'tree', span: 'a1', find: 'x' };
    expect(parseRunSearch(search)).toMatchObject(search);
    expect(parseRunSearch({})).toEqual({
      view: undefined,
      span: undefined,
      find: '',
      range: undefined,
      calls: 'all',
      sort: undefined,
    });
  });

  it.each([
    ['view=time', { view: 'time' }, { view: 'time' }],
    ['range', { range: '1.5-9' }, { range: { from: 1.5, to: 9 } }],
    ['calls of tools', { calls: 'tool' }, { calls: 'tool' }],
    ['cheapest first', { sort: 'cost' }, { sort: { columnId: 'cost', isDescending: false } }],
    ['dearest first', { sort: '-cost' }, { sort: { columnId: 'cost', isDescending: true } }],
  ])('%s', (_name, search, expected) => {
    expect(parseRunSearch(search)).toMatchObject(expected);
    expect(unknownOfRun(search)).toEqual([]);
  });

  it.each([
    [{ view: 'costs' }, 'view=costs'],
    [{ range: '9-1' }, 'range=9-1'],
    [{ range: 'all' }, 'range=all'],
    [{ calls: 'none' }, 'calls=none'],
    [{ sort: '--cost' }, 'sort=--cost'],
    [{ sort: 'colour' }, 'sort=colour'],
    [{ tab: 'x' }, 'tab=x'],
  ])('%o means nothing here', (search, said) => {
    expect(unknownOfRun({ span: 'a', t: '1h', find: 'x', ...search })).toEqual([said]);
  });
});
