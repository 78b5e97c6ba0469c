// SPDX-License-Identifier: Apache-2.0

import { createContext, useContext } from 'react';

/** `shown`: Markdown as it is meant, JSON as a tree. `raw`: each text as it was sent. */
export type TextMode = 'shown' | 'raw';

export const TextModeContext = createContext<TextMode>('shown');

export function useTextMode(): TextMode {
  return useContext(TextModeContext);
}
