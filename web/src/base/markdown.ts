// SPDX-License-Identifier: Apache-2.0
// Markdown as models write it, as a tree of plain values: paragraphs, headings, lists, quotes, code,
// tables. HTML in it is text.

import { parseInline } from './markdownInline';
import type { Inline } from './markdownInline';

export interface ListItem {
  readonly blocks: readonly Block[];
  /** Of a list of tasks: whether it is done. */
  readonly isDone: boolean | undefined;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string | undefined; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly kind: 'list';
      readonly first: number | undefined;
      readonly items: readonly ListItem[];
    }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'rule' };

const deepestNesting = 8;
const fence = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const rule = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const bullet = /^( *)([-*+]|\d{1,9}[.)])(\s+)(?=\S)/;
const tableLine = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function cellsOf(line: string): readonly (readonly Inline[])[] {
  const bare = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(^|[^\\])\|$/, '$1');
  return bare.split(/(?<!\\)\|/).map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')));
}

class BlockParser {
  private readonly blocks: Block[] = [];
  private readonly paragraph: string[] = [];
  private at = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly depth: number,
  ) {}

  parse(): readonly Block[] {
    while (this.at < this.lines.length) {
      if (this.depth < deepestNesting && this.readBlock()) continue;
      const line = this.line();
      if (line.trim() === '') this.endParagraph();
      else this.paragraph.push(line.trim());
      this.at++;
    }
    this.endParagraph();
    return this.blocks;
  }

  private line(offset = 0): string {
    return this.lines[this.at + offset] ?? '';
  }

  private endParagraph(): void {
    if (this.paragraph.length === 0) return;
    const text = this.paragraph.splice(0).join('\n');
    this.blocks.push({ kind: 'paragraph', content: parseInline(text) });
  }

  private push(block: Block): true {
    this.endParagraph();
    this.blocks.push(block);
    return true;
  }

  private readBlock(): boolean {
    const line = this.line();
    const opened = fence.exec(line);
    if (opened !== null) return this.readFence(opened[1] ?? '```', opened[2] ?? '');
    const [, marks, title] = heading.exec(line) ?? [];
    if (marks !== undefined) {
      this.at++;
      return this.push({
        kind: 'heading',
        level: marks.length,
        content: parseInline(title ?? ''),
      });
    }
    if (rule.test(line)) {
      this.at++;
      return this.push({ kind: 'rule' });
    }
    if (/^ {0,3}>/.test(line)) return this.readQuote();
    if (bullet.test(line) && this.beginsList(line)) return this.readList();
    if (line.includes('|') && tableLine.test(this.line(1)) && this.line(1).includes('-'))
      return this.readTable();
    return false;
  }

  /** In the middle of a paragraph a number is a list only if it is the first. */
  private beginsList(line: string): boolean {
    return this.paragraph.length === 0 || !/^\s*\d/.test(line) || /^\s*1[.)]/.test(line);
  }

  private readFence(mark: string, language: string): true {
    const margin = indentOf(this.line());
    const text: string[] = [];
    this.at++;
    for (; this.at < this.lines.length; this.at++) {
      const line = this.line();
      const trimmed = line.trim();
      const closes =
        trimmed.length >= mark.length && trimmed === mark.charAt(0).repeat(trimmed.length);
      if (closes) {
        this.at++;
        break;
      }
      text.push(line.slice(Math.min(margin, indentOf(line))));
    }
    return this.push({
      kind: 'code',
      language: language === '' ? undefined : language,
      text: text.join('\n'),
    });
  }

  private readQuote(): true {
    const inner: string[] = [];
    for (; this.at < this.lines.length && /^ {0,3}>/.test(this.line()); this.at++)
      inner.push(this.line().replace(/^ {0,3}> ?/, ''));
    return this.push({ kind: 'quote', blocks: new BlockParser(inner, this.depth + 1).parse() });
  }

  private readList(): true {
    const [, , marker = '-'] = bullet.exec(this.line()) ?? [];
    const margin = indentOf(this.line());
    const isOrdered = /\d/.test(marker);
    const items: ListItem[] = [];
    while (this.at < this.lines.length) {
      const match = bullet.exec(this.line());
      if (match === null || indentOf(this.line()) > margin + 3 || rule.test(this.line())) break;
      if (indentOf(this.line()) < margin || /\d/.test(match[2] ?? '') !== isOrdered) break;
      items.push(this.readItem(match[0].length));
    }
    const first = isOrdered ? Number.parseInt(marker, 10) : undefined;
    return this.push({ kind: 'list', first, items });
  }

  /** Its own line without the marker, and the lines below that are indented as far or continue it. */
  private readItem(markerLength: number): ListItem {
    const [, task, rest] = /^\[([ xX])\]\s+(.*)$/.exec(this.line().slice(markerLength)) ?? [];
    const inner = [rest ?? this.line().slice(markerLength)];
    const margin = indentOf(this.line());
    this.at++;
    for (; this.at < this.lines.length; this.at++) {
      const line = this.line();
      const isBlank = line.trim() === '';
      if (!isBlank && indentOf(line) > margin) {
        inner.push(line.slice(Math.min(markerLength, indentOf(line))));
        continue;
      }
      // A blank line belongs to the item only if the item goes on after it.
      if (isBlank && this.line(1).trim() !== '' && indentOf(this.line(1)) > margin) {
        inner.push('');
        continue;
      }
      if (isBlank && bullet.test(this.line(1)) && indentOf(this.line(1)) === margin) continue;
      break;
    }
    return {
      blocks: new BlockParser(inner, this.depth + 1).parse(),
      isDone: task === undefined ? undefined : task !== ' ',
    };
  }

  private readTable(): true {
    const head = cellsOf(this.line());
    const rows: (readonly (readonly Inline[])[])[] = [];
    for (this.at += 2; this.at < this.lines.length && this.line().includes('|'); this.at++)
      rows.push(cellsOf(this.line()));
    return this.push({ kind: 'table', head, rows });
  }
}

export function parseMarkdown(text: string): readonly Block[] {
  return new BlockParser(text.replaceAll('\t', '    ').split(/\r\n?|\n/), 0).parse();
}

/** Whether a text has anything that Markdown would show in another way. */
export function looksLikeMarkdown(text: string): boolean {
  return /(^|\n) {0,3}(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|```|~~~|\|)|\*\*|__|`|\]\(|https?:\/\//.test(
    text,
  );
}
