// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import words from './lossWords.json';

/** The table of the server: names and sentences, of which a long one is written in parts. */
function declared(): Readonly<Record<string, string>> {
  const source = readFileSync(new URL('../../../src/base/loss.h', import.meta.url), 'utf8');
  const entry = /X\(k\w+,\s*\\?\s*"(\w+)",\s*\\?\s*k\w+,\s*\\?\s*((?:"[^"]*"\s*\\?\s*)+)\)/g;
  return Object.fromEntries(
    [...source.matchAll(entry)].map(([, name = '', parts = '']) => [
      name,
      [...parts.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join(''),
    ]),
  );
}

describe('the words for losses', () => {
  it('are those of the server, each', () => {
    const table = declared();
    expect(Object.keys(table).length).toBeGreaterThan(40);
    expect(words).toEqual(table);
  });
});
