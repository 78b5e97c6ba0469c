// SPDX-License-Identifier: Apache-2.0
// Text must be readable in both themes: WCAG AA on every ground it stands on.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../src/ui/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/(--[\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)/g)].map((match) => [
    match[1],
    { light: match[2], dark: match[3] },
  ]),
);

function luminance(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first, second) {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = [
  '--surface',
  '--surface-sunken',
  '--surface-raised',
  '--surface-hover',
  '--surface-selected',
];
const kinds = [...tokens.keys()].filter((name) => name.startsWith('--kind-'));
const pairs = [
  ...['--text', '--text-muted'].flatMap((text) => grounds.map((ground) => [text, ground])),
  ...['--text-faint', '--accent', '--error', '--warn', ...kinds].flatMap((text) =>
    grounds.map((ground) => [text, ground]),
  ),
  ...['ok', 'error', 'running', 'warn', 'demo'].map((tone) => [`--${tone}`, `--${tone}-surface`]),
  ...['key', 'string', 'number', 'word'].map((piece) => [`--json-${piece}`, '--surface-code']),
  ['--text', '--match'],
  ['--text', '--error-surface'],
  ['--text', '--warn-surface'],
  ['--text-muted', '--quiet-surface'],
];

/** Borders that say where a control is, against what it lies on. */
const controls = grounds.map((ground) => ['--line-control', ground]);

describe('contrast of the tokens', () => {
  it('finds the tokens', () => expect(tokens.size).toBeGreaterThan(40));

  it.each(controls)('%s on %s', (line, ground) => {
    for (const theme of ['light', 'dark']) {
      expect(
        contrast(tokens.get(line)[theme], tokens.get(ground)[theme]),
        theme,
      ).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(pairs)('%s on %s', (text, ground) => {
    for (const theme of ['light', 'dark']) {
      expect(
        contrast(tokens.get(text)[theme], tokens.get(ground)[theme]),
        theme,
      ).toBeGreaterThanOrEqual(4.5);
    }
  });
});
