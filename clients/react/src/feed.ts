// SPDX-License-Identifier: Apache-2.0

/** What a message of the socket means. */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'other' };

/** One thing to follow: where it is found, and how to read what comes from there. */
export interface Feed<T> {
  /** A function, because the address of the page is not known while rendering on a server. */
  readonly socketUrl: () => string;
  /** @param message - parsed JSON. */
  readonly read: (message: unknown) => Reading<T>;
  /**
   * Asks once over HTTP. Answers undefined if there is nothing yet; rejects with
   * {@link RefusedError} where asking again is pointless.
   */
  readonly poll: (signal: AbortSignal) => Promise<T | undefined>;
  /** No newer value will come after this one. */
  readonly isFinal: (value: T) => boolean;
}

/** The server knows what was asked for and will not give it, now or later. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The message of a frame `{"type":"error","message"}`, if it is one. */
export function problemOf(message: unknown): string | undefined {
  if (!isRecord(message) || message['type'] !== 'error') return undefined;
  return typeof message['message'] === 'string' ? message['message'] : 'unknown error';
}
