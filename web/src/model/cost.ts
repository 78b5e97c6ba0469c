// SPDX-License-Identifier: Apache-2.0

import { absent, formatUsd } from '../base/format';

/**
 * What something cost. `priced` and `reported` are whole amounts, `partial` is a lower bound, `unpriced`
 * means money was spent and nobody knows how much, `nothing` means there was nothing to price.
 */
export type Cost =
  | { readonly kind: 'priced' | 'reported' | 'partial'; readonly usd: number }
  | { readonly kind: 'unpriced' }
  | { readonly kind: 'nothing' };

export interface CostFacts {
  readonly usd: number | undefined;
  readonly status: string | undefined;
  /** True when tokens were used or a model was called. */
  readonly usedModel: boolean;
}

/** An absent amount is never 0: it is unpriced wherever a model was at work. */
export function toCost(facts: CostFacts): Cost {
  if (facts.usd === undefined) return { kind: facts.usedModel ? 'unpriced' : 'nothing' };
  if (facts.status === 'unpriced')
    return facts.usd > 0 ? { kind: 'partial', usd: facts.usd } : { kind: 'unpriced' };
  if (facts.status === 'partial' || facts.status === 'reported')
    return { kind: facts.status, usd: facts.usd };
  // A zero that nobody vouches for is not an amount.
  if (facts.usd === 0 && facts.status === undefined)
    return { kind: facts.usedModel ? 'unpriced' : 'nothing' };
  if (facts.usd === 0 && !facts.usedModel) return { kind: 'nothing' };
  return { kind: 'priced', usd: facts.usd };
}

export function formatCost(cost: Cost): string {
  switch (cost.kind) {
    case 'priced':
    case 'reported':
      return formatUsd(cost.usd);
    case 'partial':
      return `≥ ${formatUsd(cost.usd)}`;
    case 'unpriced':
      return 'unpriced';
    case 'nothing':
      return absent;
  }
}

/** One sentence on where the figure comes from; undefined where there is nothing to explain. */
export function explainCost(cost: Cost): string | undefined {
  switch (cost.kind) {
    case 'priced':
      return `${cost.usd} USD, computed from token counts and the price list`;
    case 'reported':
      return `${cost.usd} USD, as reported by the sender`;
    case 'partial':
      return `At least ${cost.usd} USD: some model calls have no known price`;
    case 'unpriced':
      return 'No price is known for the model that was used';
    case 'nothing':
      return undefined;
  }
}
