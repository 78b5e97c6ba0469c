// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readPicks, togglePick } from './picks';

describe('ticked runs', () => {
  it('are at most two different ids', () => {
    expect(readPicks('a1,b2,a1,c3')).toEqual(['a1', 'b2']);
    expect(readPicks('a1,a1')).toEqual(['a1']);
    expect(readPicks('../x,')).toEqual([]);
    expect(readPicks(undefined)).toEqual([]);
  });
  it('come and go', () => {
    expect(togglePick([], 'a1')).toBe('a1');
    expect(togglePick(['a1'], 'b2')).toBe('a1,b2');
    expect(togglePick(['a1', 'b2'], 'a1')).toBe('b2');
    expect(togglePick(['a1'], 'a1')).toBeUndefined();
  });
  it('of which the third takes the place of the second', () => {
    expect(togglePick(['a1', 'b2'], 'c3')).toBe('a1,c3');
  });
});
