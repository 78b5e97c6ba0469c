// SPDX-License-Identifier: Apache-2.0

/** Time, handed in so that tests decide it. */
export interface Clock {
  /** Never goes back. */
  readonly nowMs: () => number;
  /** Calls back once, if the process lives that long. @returns a function that cancels the call. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  /** Keeps the process alive until the function that it returns is called. */
  readonly holdProcess: () => () => void;
}

const HOLD_INTERVAL_MS = 60_000;

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
  holdProcess: () => {
    const timer = setInterval(() => undefined, HOLD_INTERVAL_MS);
    return () => {
      clearInterval(timer);
    };
  },
};
