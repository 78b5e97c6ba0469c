// SPDX-License-Identifier: Apache-2.0

export interface RetryTiming {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * How long to wait before the next attempt: twice as long after each failure, up to the maximum, and
 * of that a random share between one half and all, so that the clients of a server that comes back
 * do not arrive together.
 *
 * @param failures - attempts that failed in a row, at least 1.
 * @param random - at least 0, less than 1.
 */
export function retryDelay(failures: number, random: number, timing: RetryTiming): number {
  const full = Math.min(timing.maxDelayMs, timing.firstDelayMs * 2 ** (failures - 1));
  return full * (0.5 + random / 2);
}
