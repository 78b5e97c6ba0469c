// SPDX-License-Identifier: Apache-2.0
// Lets only so many things go on at a time; the others wait in the order in which they came.

export type Limiter = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** What is called off while it waits never begins, and rejects with the reason of its signal. */
export function makeLimiter(most: number): Limiter {
  let going = 0;
  const waiting = new Set<() => void>();
  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        waiting.delete(begin);
        signal.removeEventListener('abort', callOff);
        going++;
        resolve();
      };
      const callOff = (): void => {
        waiting.delete(begin);
        reject(signal.reason instanceof Error ? signal.reason : new Error('called off'));
      };
      if (signal.aborted) callOff();
      else if (going < most) begin();
      else {
        signal.addEventListener('abort', callOff, { once: true });
        waiting.add(begin);
      }
    });
  return async (work, signal) => {
    await turn(signal);
    try {
      return await work();
    } finally {
      going--;
      const [next] = waiting;
      next?.();
    }
  };
}
