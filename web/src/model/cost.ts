// SPDX-License-Identifier: Apache-2.0

import { absent, formatUsd } from '../base/format';

/**
 * What something cost, as the server says; nothing is concluded here. `priced` and `reported` are whole
 * amounts, `partial` is a lower bound, `unpriced` means that nobody knows a price, `nothing` that there
 * was nothing to price.
 */
export type Cost =
  | { readonly kind: 'priced' | 'reported' | 'partial'; readonly usd: number }
  | { readonly kind: 'unpriced' }
  | { readonly kind: 'nothing' };

/** What is said of a sum: of a `partial` one some part is not known, of an `unpriced` one nothing. */
export type CostStatus = 'priced' | 'reported' | 'partial' | 'unpriced';

export function toCostStatus(text: string | undefined): CostStatus {
  return text === 'priced' || text === 'reported' || text === 'partial' ? text : 'unpriced';
}

export interface CostFacts {
  readonly usd: number | undefined;
  readonly status: string | undefined;
}

/** An amount that the server does not vouch for by a status is none. */
export function toCost({ usd, status }: CostFacts): Cost {
  switch (status) {
    case 'priced':
    case 'reported':
    case 'partial':
      return usd === undefined ? { kind: 'unpriced' } : { kind: status, usd };
    case 'unpriced':
      return { kind: 'unpriced' };
    case undefined:
    default:
      return { kind: 'nothing' };
  }
}

export function formatCost(cost: Cost): string {
  switch (cost.kind) {
    case 'priced':
    case 'reported':
      return formatUsd(cost.usd);
    case 'partial':
      return `≥\u00a0${formatUsd(cost.usd)}`;
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
      return 'Not known: there is no price for this model, or the call states no usage';
    case 'nothing':
      return undefined;
  }
}

const mostDecimals = 5;
/** As wide as a digit, where figures are tabular. */
const figureSpace = '\u2007';
/** As wide as a point. */
const pointSpace = '\u2008';

/** The figure, filled up so that points stand below each other in a column aligned at the right. */
export function alignCost(text: string): string {
  if (!text.includes('$')) return text;
  const [, decimals] = text.split('.');
  if (decimals === undefined) return `${text}${pointSpace}${figureSpace.repeat(mostDecimals)}`;
  return `${text}${figureSpace.repeat(Math.max(0, mostDecimals - decimals.length))}`;
}
