// SPDX-License-Identifier: Apache-2.0

const firstMs = 500;
const mostMs = 10_000;

/**
 * How long to wait before the given attempt (1 is the first after a failure): twice as long each time,
 * up to ten seconds, and scattered by half, so that pages do not all come back at once.
 * @param chance - uniform in [0, 1).
 */
export function backoffDelay(attempt: number, chance: number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 10));
  return full * (0.5 + chance / 2);
}
