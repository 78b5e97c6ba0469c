// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';

const atFirst = 200;

/** How many of a long list are drawn; the rest on demand. */
export function useShownCount(total: number): {
  readonly shown: number;
  readonly showMore: () => void;
} {
  const [count, setCount] = useState(atFirst);
  return { shown: Math.min(total, count), showMore: () => setCount(count + 3 * atFirst) };
}
