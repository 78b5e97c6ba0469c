// SPDX-License-Identifier: Apache-2.0
// Colours are tokens: no colour literal in any style sheet but tokens.css, no unknown token, no URL.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const colour = /#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|hwb)\(/g;
const remote = /url\(|@import\s+(?!['"]\.)/g;

/** Messages for one style sheet; `known` holds the names tokens.css declares. */
export function checkCss(name, text, known) {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const found = [];
  const report = (index, message) =>
    found.push(`${name}:${bare.slice(0, index).split('\n').length}: ${message}`);
  for (const match of bare.matchAll(remote))
    report(match.index, `no external resource: ${match[0]}`);
  if (!name.endsWith('tokens.css')) {
    for (const match of bare.matchAll(colour))
      report(match.index, `colour outside tokens.css: ${match[0]}`);
    const local = new Set([...bare.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
    for (const match of bare.matchAll(/var\((--[\w-]+)/g)) {
      if (!known.has(match[1]) && !local.has(match[1]) && !match[1].startsWith('--row-')) {
        report(match.index, `unknown token ${match[1]}`);
      }
    }
  }
  return found;
}

function main() {
  const root = fileURLToPath(new URL('../src', import.meta.url));
  const sheets = readdirSync(root, { recursive: true }).filter((name) =>
    String(name).endsWith('.css'),
  );
  const tokens = readFileSync(join(root, 'ui/tokens.css'), 'utf8');
  const known = new Set([...tokens.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
  const problems = sheets.flatMap((sheet) => {
    const path = join(root, String(sheet));
    return checkCss(relative(process.cwd(), path), readFileSync(path, 'utf8'), known);
  });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log(`lint: ok (${sheets.length} style sheets, layers and rules clean)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
