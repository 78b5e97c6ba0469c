// SPDX-License-Identifier: Apache-2.0

export interface RateTier {
  /** Tokens of input that a call must exceed. */
  readonly start: number;
  readonly usd: number;
}

/** A price for a million tokens, or for one call. */
export interface Rate {
  readonly kind: string;
  readonly usd: number;
  readonly tiers: readonly RateTier[];
}

/** A price of a model, and how long it holds. */
export interface Price {
  readonly provider: string;
  readonly model: string;
  readonly source: string;
  readonly version: string;
  readonly rule: string;
  readonly fromNs: bigint | undefined;
  /** The same as the server writes it, to the nanosecond. */
  readonly from: string | undefined;
  readonly untilNs: bigint | undefined;
  /** For a million tokens of each kind. */
  readonly rates: readonly Rate[];
  readonly perCall: readonly Rate[];
  readonly aliases: readonly string[];
  readonly notCounted: readonly string[];
  readonly note: string | undefined;
}

export interface PricePage {
  readonly prices: readonly Price[];
  readonly total: number;
  /** Where the prices that come with the program are from. */
  readonly source: string | undefined;
  /** Why there are none. */
  readonly note: string | undefined;
  readonly nextCursor: string | undefined;
}

/** Who has set a price, in words. */
export function sourceWords(source: string): string {
  switch (source) {
    case 'own':
      return 'set here';
    case 'litellm':
      return 'imported from a price file';
    case 'override':
      return 'comes with the program, corrected';
    case 'built-in':
      return 'comes with the program';
    default:
      return source;
  }
}
