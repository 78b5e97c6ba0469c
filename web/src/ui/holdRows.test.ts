// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { holdRows } from './holdRows';

const row = (id: string, state = 'old') => ({ id, state });
const hold = (shown: string[], latest: string[]) =>
  holdRows(
    shown.map((id) => row(id)),
    latest.map((id) => row(id, 'now')),
    ({ id }) => id,
  );
const ids = (held: ReturnType<typeof hold>) => held.rows.map(({ id }) => id).join('');

describe('holdRows', () => {
  it.each([
    ['nothing has come', ['a', 'b'], ['a', 'b'], 'ab', 0],
    ['rows come above', ['c', 'd'], ['a', 'b', 'c', 'd'], 'cd', 2],
    ['rows come between', ['a', 'c'], ['a', 'b', 'c'], 'ac', 1],
    ['older rows are loaded', ['a', 'b'], ['a', 'b', 'c', 'd'], 'abcd', 0],
    ['a row has gone', ['a', 'b', 'c'], ['a', 'c'], 'abc', 0],
    ['all others have come', ['x'], ['a', 'b'], 'xab', 0],
    ['the order has changed', ['a', 'b'], ['b', 'a'], 'ab', 0],
  ])('%s', (_name, shown, latest, expected, fresh) => {
    const held = hold(shown, latest);
    expect(ids(held)).toBe(expected);
    expect(held.fresh).toBe(fresh);
  });

  it('shows each row as it is now', () => {
    expect(hold(['a', 'b'], ['a']).rows).toEqual([row('a', 'now'), row('b', 'old')]);
  });
});
