// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useRef } from 'react';
import { Refresher } from '../base/refresher';

const bundleMs = 40;
const intervalMs = 100;

/** Lets the browser draw, so that drawing counts as part of the time that a redraw takes. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

/** The answer asks for a redraw: at most ten a second, and fewer when each takes long. */
export function useRedraw(redraw: () => void): () => void {
  const latest = useRef(redraw);
  const refresher = useRef<Refresher>(undefined);
  useEffect(() => {
    latest.current = redraw;
  });
  useEffect(() => {
    const current = new Refresher({
      refresh: async () => {
        latest.current();
        await nextTask();
        return true;
      },
      intervalMs: () => intervalMs,
      bundleMs,
    });
    refresher.current = current;
    return () => current.stop();
  }, []);
  return useCallback(() => refresher.current?.request(), []);
}
