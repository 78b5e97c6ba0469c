// SPDX-License-Identifier: Apache-2.0

/** Allows `ratePerSecond` in the long run and up to `burst` at once. */
export class TokenBucket {
  readonly #ratePerSecond: number;
  readonly #burst: number;
  readonly #nowMs: () => number;
  #tokens: number;
  #filledAtMs: number;

  /** @param nowMs - a clock that never goes back. */
  constructor(ratePerSecond: number, burst: number, nowMs: () => number) {
    this.#ratePerSecond = ratePerSecond;
    this.#burst = burst;
    this.#nowMs = nowMs;
    this.#tokens = burst;
    this.#filledAtMs = nowMs();
  }

  /** Whole tokens that can be taken now. */
  available(): number {
    const now = this.#nowMs();
    const earned = ((now - this.#filledAtMs) / 1_000) * this.#ratePerSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#filledAtMs = now;
    return Math.floor(this.#tokens);
  }

  /** @param count - at most what `available` has just answered. */
  take(count: number): void {
    this.#tokens -= count;
  }

  /** Until one token can be taken. */
  waitMs(): number {
    if (this.available() >= 1) return 0;
    return Math.ceil(((1 - this.#tokens) / this.#ratePerSecond) * 1_000);
  }
}
