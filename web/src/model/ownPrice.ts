// SPDX-License-Identifier: Apache-2.0
// A price that a person gives for a model: from the fields of a form to what the server takes.

export const rateKinds = ['input', 'cache_read', 'cache_write', 'output', 'reasoning'] as const;
export type RateKind = (typeof rateKinds)[number];

/** Texts as they were typed; empty is not given. */
export interface PriceDraft {
  readonly provider: string;
  readonly model: string;
  readonly rates: Readonly<Partial<Record<RateKind, string>>>;
  /** A date, 2026-03-01; empty means from now on. */
  readonly from: string;
  readonly note: string;
}

export interface OwnPrice {
  readonly provider: string;
  readonly model: string;
  readonly body: {
    readonly prices: Readonly<Partial<Record<RateKind, string>>>;
    readonly effective_from?: string;
    readonly note?: string;
  };
}

export type ParsedPrice =
  | { readonly price: OwnPrice; readonly problems?: never }
  /** By the field, in words. */
  | { readonly price?: never; readonly problems: Readonly<Record<string, string>> };

const mostDollars = 10_000;
const mostNote = 1000;
const decimal = /^\d{1,6}(\.\d{1,12})?$/;
const date = /^\d{4}-\d\d-\d\d$/;

/** What is wrong with a price for a million tokens. */
function rateProblem(text: string): string | undefined {
  if (!decimal.test(text)) return 'A number of dollars, such as 2.50';
  return Number(text) > mostDollars ? 'At most 10,000 dollars' : undefined;
}

export function parsePrice(draft: PriceDraft): ParsedPrice {
  const problems: Record<string, string> = {};
  const prices: Partial<Record<RateKind, string>> = {};
  if (draft.provider.trim() === '') problems['provider'] = 'As calls name it, or * for any';
  if (draft.model.trim() === '') problems['model'] = 'As calls name it';
  for (const kind of rateKinds) {
    const text = draft.rates[kind]?.trim() ?? '';
    if (text === '') continue;
    const problem = rateProblem(text);
    if (problem === undefined) prices[kind] = text;
    else problems[kind] = problem;
  }
  const required: readonly RateKind[] = ['input', 'output'];
  for (const kind of required) {
    if ((draft.rates[kind]?.trim() ?? '') === '') problems[kind] = 'Needed; 0 if it costs nothing';
  }
  const from = draft.from.trim();
  if (from !== '' && (!date.test(from) || Number.isNaN(Date.parse(from))))
    problems['from'] = 'A date such as 2026-03-01';
  const note = draft.note.trim();
  if (note.length > mostNote) problems['note'] = 'At most 1,000 characters';
  if (Object.keys(problems).length > 0) return { problems };
  return {
    price: {
      provider: draft.provider.trim(),
      model: draft.model.trim(),
      body: {
        prices,
        ...(from === '' ? {} : { effective_from: from }),
        ...(note === '' ? {} : { note }),
      },
    },
  };
}

export interface TokenCounts {
  /** All input, from a cache or not. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** All output, with reasoning. */
  readonly output: number;
  readonly reasoning: number;
}

/** What so many tokens cost at such prices: kinds without a price are charged as what they are part of. */
export function costAt(prices: OwnPrice['body']['prices'], tokens: TokenCounts): number {
  const input = Number(prices.input ?? 0);
  const output = Number(prices.output ?? 0);
  const rate = (kind: RateKind, whole: number): number =>
    prices[kind] === undefined ? whole : Number(prices[kind]);
  const plainInput = Math.max(0, tokens.input - tokens.cacheRead - tokens.cacheWrite);
  const plainOutput = Math.max(0, tokens.output - tokens.reasoning);
  return (
    (plainInput * input +
      tokens.cacheRead * rate('cache_read', input) +
      tokens.cacheWrite * rate('cache_write', input) +
      plainOutput * output +
      tokens.reasoning * rate('reasoning', output)) /
    1e6
  );
}
