// SPDX-License-Identifier: Apache-2.0
import type { AnySpan } from './anyMajor.js';

/** What became of a batch. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly rejected: number }
  /** The same batch may succeed later. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs?: number }
  /** It never will. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Where pending spans go. */
export interface Sender {
  /** Never rejects, and is never called again before it has resolved. */
  readonly send: (spans: readonly AnySpan[], timeoutMs: number) => Promise<Outcome>;
  readonly shutdown: () => Promise<void>;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
