// SPDX-License-Identifier: Apache-2.0

import { useMemo, useState } from 'react';
import { holdRows } from './holdRows';
import type { HeldRows } from './holdRows';
import { useIsRead } from './useIsRead';
import type { useRowAnchor } from './useRowAnchor';

/**
 * Rows that do not move while they are read. `release` shows what has come; so does another `listKey`, which
 * says that the rows are another list.
 */
export function useHeldRows<Row>(
  list: ReturnType<typeof useRowAnchor>,
  latest: readonly Row[],
  idOf: (row: Row) => string,
  listKey?: string,
): HeldRows<Row> & { readonly release: () => void } {
  const isRead = useIsRead(list);
  const [held, setHeld] = useState<readonly Row[]>();
  const [heldKey, setHeldKey] = useState(listKey);
  if (heldKey !== listKey) {
    setHeldKey(listKey);
    setHeld(isRead ? latest : undefined);
  } else if (isRead && held === undefined) setHeld(latest);
  if (!isRead && held !== undefined) setHeld(undefined);
  const shown = useMemo(
    () => (held === undefined ? { rows: latest, fresh: 0 } : holdRows(held, latest, idOf)),
    [held, latest, idOf],
  );
  return { ...shown, release: () => setHeld(latest) };
}
