// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { placed, readRecipes } from '../../model/recipe';
import { recipes } from './recipes';

describe('recipes', () => {
  it('are all read, with their code', () => {
    expect(recipes.map(({ id }) => id)).toHaveLength(15);
    expect(new Set(recipes.map(({ title }) => title)).size).toBe(15);
  });
  it('name the places of the server that is looked at, and no others', () => {
    for (const recipe of recipes) {
      const code = placed(recipe.code, { otlp: 'http://box:9', web: 'http://box:8' });
      expect(code, recipe.id).toContain('http://box:9');
      expect(code, recipe.id).not.toContain('127.0.0.1');
    }
  });
  it('without their file are left out', () => {
    expect(readRecipes([{ id: 'a', file: 'a.py' }], {})).toEqual([]);
    expect(readRecipes('nothing', {})).toEqual([]);
  });
});
