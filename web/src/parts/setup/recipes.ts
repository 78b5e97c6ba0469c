// SPDX-License-Identifier: Apache-2.0

import { readRecipes } from '../../model/recipe';
import list from './recipes/recipes.json';

const folder = './recipes/';
const found: Readonly<Record<string, unknown>> = import.meta.glob('./recipes/*', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** All recipes, in the order of their tabs; recipes.json lists them, their code stands in files beside it. */
export const recipes = readRecipes(
  list,
  Object.fromEntries(
    Object.entries(found).map(([path, text]) => [path.slice(folder.length), text]),
  ),
);
