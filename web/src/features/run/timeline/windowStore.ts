// SPDX-License-Identifier: Apache-2.0
// The window that timeline and minimap show. It changes with every turn of a wheel, so it is not kept in
// the address but written to it once it rests; nothing else is drawn for a change.

import type { TimeWindow } from '../../../model/timeWindow';

export interface WindowStore {
  /** Undefined for the whole run. */
  readonly get: () => TimeWindow | undefined;
  /** By a reader: it is written to the address later. */
  readonly change: (window: TimeWindow | undefined) => void;
  /** From the address. */
  readonly take: (window: TimeWindow | undefined) => void;
  readonly subscribe: (listener: () => void) => () => void;
  /** Where a change is written to, until the answer is called; what is not written yet is written then. */
  readonly connect: (write: (window: TimeWindow | undefined) => void) => () => void;
}

const restMs = 150;

export function makeWindowStore(first: TimeWindow | undefined): WindowStore {
  let current = first;
  let writer: ((window: TimeWindow | undefined) => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  const set = (window: TimeWindow | undefined): void => {
    if (window?.from === current?.from && window?.to === current?.to) return;
    current = window;
    for (const listener of listeners) listener();
  };
  const flush = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    writer?.(current);
  };
  return {
    get: () => current,
    change: (window) => {
      set(window);
      clearTimeout(timer);
      timer = setTimeout(flush, restMs);
    },
    // What a reader is changing is newer than what the address says.
    take: (window) => {
      if (timer === undefined) set(window);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: (write) => {
      writer = write;
      return () => {
        flush();
        writer = undefined;
      };
    },
  };
}
