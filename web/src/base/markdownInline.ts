// SPDX-License-Identifier: Apache-2.0
// The inside of a paragraph of Markdown. What is not understood stays text: nothing of the input is lost,
// and nothing of it ever becomes markup. Takes time proportional to the length of the text.

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly content: readonly Inline[] }
  /** Its address is shown and never loaded. */
  | { readonly kind: 'image'; readonly text: string; readonly source: string }
  | { readonly kind: 'break' };

const deepestNesting = 6;

/** Only addresses that a browser opens without running anything. */
export function safeHref(text: string): string | undefined {
  return /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i.test(text) ? text : undefined;
}

const delimiters = [
  { mark: '**', kind: 'strong' },
  { mark: '__', kind: 'strong' },
  { mark: '~~', kind: 'strike' },
  { mark: '*', kind: 'emphasis' },
  { mark: '_', kind: 'emphasis' },
] as const;

const link =
  /!?\[([^[\]\n]{0,1000})\]\(<?([^\s()<>]{0,4000}(?:\([^\s()<>]{0,1000}\))?)>?(?:\s+"[^"\n]{0,1000}")?\)/y;
const bareAddress = /https?:\/\/[^\s<>"'`\])}]{1,4000}/y;
const angledAddress = /<((?:https?:\/\/|mailto:)[^\s<>]{1,4000})>/y;
const special = /[\\`*_~![<\nh]/g;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

interface Found {
  readonly piece: Inline;
  readonly end: number;
}

class InlineParser {
  private readonly pieces: Inline[] = [];
  private plain = '';
  /** From where on a mark is known not to be closed any more. */
  private readonly unclosedFrom = new Map<string, number>();

  constructor(
    private readonly text: string,
    private readonly depth: number,
  ) {}

  parse(): readonly Inline[] {
    const { text } = this;
    for (let at = 0; at < text.length;) {
      special.lastIndex = at;
      const next = special.exec(text)?.index ?? text.length;
      this.plain += text.slice(at, next);
      if (next >= text.length) break;
      const found = this.pieceAt(next);
      if (found === undefined) {
        this.plain += text.charAt(next);
        at = next + 1;
        continue;
      }
      this.flush();
      this.pieces.push(found.piece);
      at = found.end;
    }
    this.flush();
    return this.pieces;
  }

  private flush(): void {
    if (this.plain !== '') this.pieces.push({ kind: 'text', text: this.plain });
    this.plain = '';
  }

  private pieceAt(at: number): Found | undefined {
    const { text } = this;
    switch (text.charAt(at)) {
      case '\\':
        return /[!-/:-@[-`{-~]/.test(text.charAt(at + 1))
          ? { piece: { kind: 'text', text: text.charAt(at + 1) }, end: at + 2 }
          : undefined;
      case '\n':
        return { piece: { kind: 'break' }, end: at + 1 };
      case '`':
        return this.codeAt(at);
      case '!':
      case '[':
        return this.linkAt(at);
      case '<':
        return this.addressAt(matchAt(angledAddress, text, at), 1);
      case 'h':
        return isWord(text.charAt(at - 1)) ? undefined : this.bareAddressAt(at);
      default:
        return this.spanAt(at);
    }
  }

  private codeAt(at: number): Found | undefined {
    const mark = matchAt(/`+/y, this.text, at)?.[0] ?? '`';
    if ((this.unclosedFrom.get(mark) ?? Infinity) <= at) return undefined;
    const from = at + mark.length;
    for (let end = this.text.indexOf(mark, from); end >= 0;) {
      const run = matchAt(/`+/y, this.text, end)?.[0].length ?? 1;
      if (run === mark.length) {
        const text = this.text.slice(from, end).replace(/^ (.*\S.*) $/s, '$1');
        return { piece: { kind: 'code', text }, end: end + mark.length };
      }
      end = this.text.indexOf(mark, end + run);
    }
    this.unclosedFrom.set(mark, at);
    return { piece: { kind: 'text', text: mark }, end: from };
  }

  private linkAt(at: number): Found | undefined {
    const match = matchAt(link, this.text, at);
    const [whole, label = '', address = ''] = match ?? [];
    if (whole === undefined) return undefined;
    const end = at + whole.length;
    if (whole.startsWith('!'))
      return { piece: { kind: 'image', text: label, source: address }, end };
    const href = safeHref(address);
    if (href === undefined) return { piece: { kind: 'text', text: whole }, end };
    return { piece: { kind: 'link', href, content: this.inner(label) }, end };
  }

  private addressAt(match: RegExpExecArray | undefined, group: number): Found | undefined {
    const href = safeHref(match?.[group] ?? '');
    if (match === undefined || href === undefined) return undefined;
    const content: readonly Inline[] = [{ kind: 'text', text: href }];
    return { piece: { kind: 'link', href, content }, end: match.index + match[0].length };
  }

  /** Without the punctuation that ends the sentence around it. */
  private bareAddressAt(at: number): Found | undefined {
    const match = matchAt(bareAddress, this.text, at);
    const href = safeHref(match?.[0].replace(/[.,;:!?*_~]+$/, '') ?? '');
    if (href === undefined) return undefined;
    const content: readonly Inline[] = [{ kind: 'text', text: href }];
    return { piece: { kind: 'link', href, content }, end: at + href.length };
  }

  private spanAt(at: number): Found | undefined {
    const { text } = this;
    const delimiter = delimiters.find(({ mark }) => text.startsWith(mark, at));
    if (delimiter === undefined || this.depth >= deepestNesting) return undefined;
    const { mark, kind } = delimiter;
    const from = at + mark.length;
    const opens = from < text.length && !/\s/.test(text.charAt(from));
    if (!opens || (mark.startsWith('_') && isWord(text.charAt(at - 1)))) return undefined;
    if ((this.unclosedFrom.get(mark) ?? Infinity) <= at) return undefined;
    const end = this.closingOf(mark, from + 1);
    if (end === undefined) {
      this.unclosedFrom.set(mark, at);
      return { piece: { kind: 'text', text: mark }, end: from };
    }
    return { piece: { kind, content: this.inner(text.slice(from, end)) }, end: end + mark.length };
  }

  private closingOf(mark: string, from: number): number | undefined {
    const { text } = this;
    const character = mark.charAt(0);
    for (let end = text.indexOf(mark, from); end >= 0; end = text.indexOf(mark, end + 1)) {
      if (/\s/.test(text.charAt(end - 1))) continue;
      // A single star inside of two is not the end of what one began.
      if (
        mark.length === 1 &&
        (text.charAt(end + 1) === character || text.charAt(end - 1) === character)
      )
        continue;
      if (character === '_' && isWord(text.charAt(end + mark.length))) continue;
      return end;
    }
    return undefined;
  }

  private inner(text: string): readonly Inline[] {
    return new InlineParser(text, this.depth + 1).parse();
  }
}

export function parseInline(text: string): readonly Inline[] {
  return new InlineParser(text, 0).parse();
}
