// SPDX-License-Identifier: Apache-2.0

import { useMemo, useState } from 'react';
import { useCommand } from '../ui/commands';
import { holdRows } from '../ui/holdRows';
import { useAddress } from './useAddress';

export interface Peek<Row> {
  /** The row that is shown beside the list. */
  readonly id: string | undefined;
  /** Those that the list shows: while one of them is open, no new one comes between them. */
  readonly rows: readonly Row[];
  readonly open: (id: string) => void;
  readonly close: () => void;
  /** To the row so many below. */
  readonly step: (by: number) => void;
}

interface PeekOptions<Row> {
  /** Names the row in the address. */
  readonly key: string;
  /** What a row is called. */
  readonly noun: string;
  readonly idOf: (row: Row) => string;
  /** Another one says that the rows are another list, of which none is held. */
  readonly listKey: string;
}

/** A row beside its list, which stands in the address; J and K walk the filtered list. */
export function usePeek<Row>(latest: readonly Row[], options: PeekOptions<Row>): Peek<Row> {
  const { key, noun, idOf, listKey } = options;
  const { search, change } = useAddress();
  const id = search[key];
  const [held, setHeld] = useState<readonly Row[]>();
  const [heldKey, setHeldKey] = useState(listKey);
  if (heldKey !== listKey) {
    setHeldKey(listKey);
    setHeld(undefined);
  } else if (id !== undefined && held === undefined && latest.length > 0) setHeld(latest);
  if (id === undefined && held !== undefined) setHeld(undefined);
  const rows = useMemo(
    () => (held === undefined ? latest : holdRows(held, latest, idOf).rows),
    [held, latest, idOf],
  );
  const step = (by: number): void => {
    const at = rows.findIndex((row) => idOf(row) === id);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next !== undefined) change({ [key]: idOf(next) });
  };
  useCommand({
    id: 'peek-next',
    title: `Show the next ${noun} beside the list`,
    key: 'j',
    run: () => step(1),
  });
  useCommand({
    id: 'peek-before',
    title: `Show the ${noun} before beside the list`,
    key: 'k',
    run: () => step(-1),
  });
  return {
    id,
    rows,
    step,
    open: (opened) => change({ [key]: opened }),
    close: () => change({ [key]: undefined }),
  };
}
