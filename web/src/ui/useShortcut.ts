// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef } from 'react';

/** Runs an action when a key is pressed alone, anywhere but in a field. */
export function useShortcut(key: string | undefined, run: () => void): void {
  const action = useRef(run);
  useEffect(() => {
    action.current = run;
  });
  useEffect(() => {
    if (key === undefined) return undefined;
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      const target = event.target;
      const isTyping = target instanceof HTMLElement && target.matches('input, select, textarea');
      if (event.key !== key || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      action.current();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [key]);
}
