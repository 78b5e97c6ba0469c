// SPDX-License-Identifier: Apache-2.0

/** Time and chance, handed in so that tests decide both. */
export interface Clock {
  /** Calls back once, `delayMs` from now. @returns a function that cancels the call. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

export const systemClock: Clock = {
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  random: () => Math.random(),
};
