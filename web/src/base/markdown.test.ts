// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown';
import type { Block } from './markdown';
import { parseInline, safeHref } from './markdownInline';
import type { Inline } from './markdownInline';

/** A short way to write what is expected: tags around texts. */
function sketchInline(pieces: readonly Inline[]): string {
  return pieces
    .map((piece) => {
      switch (piece.kind) {
        case 'text':
          return piece.text;
        case 'code':
          return `<code>${piece.text}</code>`;
        case 'link':
          return `<a ${piece.href}>${sketchInline(piece.content)}</a>`;
        case 'image':
          return `<img ${piece.source}>${piece.text}</img>`;
        case 'break':
          return '<br>';
        case 'strong':
        case 'emphasis':
        case 'strike':
          return `<${piece.kind}>${sketchInline(piece.content)}</${piece.kind}>`;
      }
    })
    .join('');
}

function sketch(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      switch (block.kind) {
        case 'paragraph':
          return `p(${sketchInline(block.content)})`;
        case 'heading':
          return `h${block.level}(${sketchInline(block.content)})`;
        case 'code':
          return `code[${block.language ?? ''}](${block.text})`;
        case 'quote':
          return `quote(${sketch(block.blocks)})`;
        case 'list': {
          const items = block.items.map(
            ({ blocks: inner, isDone }) =>
              `${isDone === undefined ? '' : isDone ? 'x ' : 'o '}${sketch(inner)}`,
          );
          return `${block.first === undefined ? 'ul' : `ol${block.first}`}(${items.join(' | ')})`;
        }
        case 'table':
          return `table(${[block.head, ...block.rows]
            .map((row) => row.map(sketchInline).join(','))
            .join(' / ')})`;
        case 'rule':
          return 'hr';
      }
    })
    .join(' ');
}

describe('the inside of a paragraph', () => {
  const cases: readonly [string, string, string][] = [
    ['plain text', 'nothing special', 'nothing special'],
    ['bold', 'a **bold** word', 'a <strong>bold</strong> word'],
    ['italic in bold', '**a *b* c**', '<strong>a <emphasis>b</emphasis> c</strong>'],
    ['names with underscores', 'snake_case_name stays', 'snake_case_name stays'],
    ['multiplication', '2 * 3 * 4', '2 * 3 * 4'],
    ['unclosed', '**never closed *at all', '**never closed *at all'],
    ['code', 'run `a **b**` now', 'run <code>a **b**</code> now'],
    ['code with a backtick', '``a ` b``', '<code>a ` b</code>'],
    ['unclosed code', 'a ` b', 'a ` b'],
    ['struck out', '~~old~~ new', '<strike>old</strike> new'],
    ['link', '[site](https://a.test/x)', '<a https://a.test/x>site</a>'],
    ['a script is no address', '[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['data is no address', '[x](data:text/html,hi)', '[x](data:text/html,hi)'],
    ['image', '![cat](https://a.test/c.png)', '<img https://a.test/c.png>cat</img>'],
    ['bare address', 'see https://a.test/x.', 'see <a https://a.test/x>https://a.test/x</a>.'],
    ['HTML is text', '<b>no</b> <script>x</script>', '<b>no</b> <script>x</script>'],
    ['escapes', String.raw`\*no\* \[x\](y)`, '*no* [x](y)'],
    ['line break', 'a\nb', 'a<br>b'],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    expect(sketchInline(parseInline(text))).toBe(expected);
  });

  it('opens only addresses of the web and of mail', () => {
    expect(safeHref('https://a.test')).toBe('https://a.test');
    expect(safeHref('mailto:a@b.test')).toBe('mailto:a@b.test');
    expect(safeHref('vbscript:x')).toBeUndefined();
    expect(safeHref('//a.test')).toBeUndefined();
    expect(safeHref('/api/v1')).toBeUndefined();
  });

  it.each(['*a ', '**a ', '_a ', '`', '[', '![a](', '<', '~~x ', '\\', 'http', '**a*b '])(
    'takes no longer for %j many times over',
    (piece) => {
      const startedAt = performance.now();
      parseInline(piece.repeat(20_000));
      expect(performance.now() - startedAt).toBeLessThan(5000);
    },
  );
});

describe('Markdown', () => {
  const cases: readonly [string, string, string][] = [
    ['paragraphs', 'one\ntwo\n\nthree', 'p(one<br>two) p(three)'],
    ['headings', '# A\n### B ##', 'h1(A) h3(B)'],
    ['no heading without a space', '#1 priority', 'p(#1 priority)'],
    ['fenced code', '```ts\nlet a = `b`;\n```\nafter', 'code[ts](let a = `b`;) p(after)'],
    ['code that is not closed', '```\na\n\nb', 'code[](a\n\nb)'],
    ['list', '- a\n- b', 'ul(p(a) | p(b))'],
    ['numbered list', '3. a\n4. b', 'ol3(p(a) | p(b))'],
    ['a list in a list', '- a\n  - b\n- c', 'ul(p(a) ul(p(b)) | p(c))'],
    ['loose list', '1. a\n\n2. b', 'ol1(p(a) | p(b))'],
    ['code in a list', '- a\n\n  ```\n  x\n  ```\n- b', 'ul(p(a) code[](x) | p(b))'],
    ['tasks', '- [x] a\n- [ ] b', 'ul(x p(a) | o p(b))'],
    ['list after a line', 'Found:\n- a\n- b', 'p(Found:) ul(p(a) | p(b))'],
    ['a year is no list', 'In the year\n1984. It was', 'p(In the year<br>1984. It was)'],
    ['quote', '> a\n> - b', 'quote(p(a) ul(p(b)))'],
    ['table', '| a | b |\n|---|:-:|\n| 1 | `x\\|y` |', 'table(a,b / 1,<code>x|y</code>)'],
    ['rule', 'a\n\n---\n\nb', 'p(a) hr p(b)'],
    ['HTML', '<div onclick="x">\nhi', 'p(<div onclick="x"><br>hi)'],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    expect(sketch(parseMarkdown(text))).toBe(expected);
  });

  it.each(['> ', '- ', '  - a\n', '1. a\n', '| a |\n|---|\n', '```\n', '# a\n', '\n'])(
    'takes no longer for %j many times over',
    (piece) => {
      const startedAt = performance.now();
      parseMarkdown(piece.repeat(20_000));
      expect(performance.now() - startedAt).toBeLessThan(5000);
    },
  );
});
