// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkCss } from './check_css.mjs';

const known = new Set(['--text']);

describe('checkCss', () => {
  const cases = [
    ['a token is fine', 'a.css', 'p { color: var(--text); }', 0],
    ['a hex colour is refused', 'a.css', 'p { color: #fff; }', 1],
    ['a function colour is refused', 'a.css', 'p { color: rgb(1 2 3); }', 1],
    ['an unknown token is refused', 'a.css', 'p { color: var(--txet); }', 1],
    ['a property of the same sheet is fine', 'a.css', 'p { --x: 1px; margin: var(--x); }', 0],
    ['tokens.css may hold colours', 'ui/tokens.css', ':root { --text: #111; }', 0],
    ['a remote font is refused even there', 'ui/tokens.css', '@import "//fonts"; ', 1],
    ['a comment is not a colour', 'a.css', '/* #fff */', 0],
  ];
  it.each(cases)('%s', (_name, file, text, problems) => {
    expect(checkCss(file, text, known)).toHaveLength(problems);
  });
});
