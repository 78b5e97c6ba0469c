// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';

/** Changes when the rows of another list have come, and not while those of the last one stand in for them. */
export function useListKey(asked: string, isStandIn: boolean): string {
  const [key, setKey] = useState(asked);
  if (!isStandIn && key !== asked) setKey(asked);
  return key;
}
