// SPDX-License-Identifier: Apache-2.0

/**
 * What became of the spans that started; every one is in exactly one of the first six. Spans that
 * the sampler left out are in none.
 */
export interface LiveSpanStats {
  /** To be sent, or being sent. */
  readonly waiting: number;
  readonly sent: number;
  /** Ended before their turn: the real span says it all. */
  readonly endedFirst: number;
  /** Not wanted by the filter. */
  readonly filtered: number;
  /** The queue was full, or the processor was shut down. */
  readonly dropped: number;
  /** Not taken by the receiver or the exporter. */
  readonly rejected: number;
  /** Attributes that were too long to be sent early. */
  readonly omittedAttributes: number;
  /** Batches that did not arrive, whether they are tried again or not. */
  readonly failedExports: number;
  /** Errors that were swallowed, e.g. in a filter function. */
  readonly errors: number;
  /** The reason of the newest failed export or error. */
  readonly lastError: string | undefined;
}

export type Counts = {
  -readonly [Name in keyof Omit<LiveSpanStats, 'waiting'>]: LiveSpanStats[Name];
};

export function noCounts(): Counts {
  return {
    sent: 0,
    endedFirst: 0,
    filtered: 0,
    dropped: 0,
    rejected: 0,
    omittedAttributes: 0,
    failedExports: 0,
    errors: 0,
    lastError: undefined,
  };
}
