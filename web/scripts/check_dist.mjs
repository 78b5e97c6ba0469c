// SPDX-License-Identifier: Apache-2.0
// What the server embeds: one index.html, hashed assets, nothing that reaches for the network.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const problems = [];
const html = readFileSync(join(dist, 'index.html'), 'utf8');
for (const match of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
  if (!/^\/assets\/[\w.-]+-[\w-]{8,}\.\w+$/.test(match[1]))
    problems.push(`index.html: not a hashed local asset: ${match[1]}`);
}
if (/<script(?![^>]*\bsrc=)/.test(html)) problems.push('index.html: inline script');
let bytes = 0;
let zipped = 0;
/** The script of index.html, which every page waits for, and that of any other page; gzipped. */
const mostInitial = 160 * 1024;
const mostLazy = 40 * 1024;
const files = readdirSync(dist, { recursive: true }).filter((name) =>
  statSync(join(dist, String(name))).isFile(),
);
for (const name of files) {
  const body = readFileSync(join(dist, String(name)));
  const size = gzipSync(body).length;
  bytes += body.length;
  zipped += size;
  if (!String(name).endsWith('.js')) continue;
  const most = html.includes(`/${name}`) ? mostInitial : mostLazy;
  if (size > most) problems.push(`${name}: ${size} bytes gzipped, at most ${most}`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(
  `build: ok (${files.length} files, ${Math.ceil(bytes / 1024)} KB, ${Math.ceil(zipped / 1024)} KB gzipped)`,
);
