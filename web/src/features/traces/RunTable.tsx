// SPDX-License-Identifier: Apache-2.0

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Run } from '../../model/run';
import { classNames } from '../../ui/classNames';
import { RunRow } from './RunRow';
import styles from './RunTable.module.css';
import { RunTableHead } from './RunTableHead';
import { useRowAnchor } from '../../parts/useRowAnchor';
import { useRowFocus } from '../../parts/useRowFocus';
import { useRowOpening } from '../../parts/useRowOpening';
import { useListPlace } from '../../parts/useListPlace';

const rowHeight = 34;
const headHeight = 30;
const pageKeyRows = 20;

export interface RunTableProps {
  readonly runs: readonly Run[];
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly onNearEnd: () => void;
  /** What stands below the last row. */
  readonly footer: ReactNode;
}

/** How far a key moves among `count` rows; undefined for keys that do not move. */
function keyTarget(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return index + 1;
    case 'ArrowUp':
      return index - 1;
    case 'PageDown':
      return index + pageKeyRows;
    case 'PageUp':
      return index - pageKeyRows;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

export function RunTable(props: RunTableProps) {
  const { runs, hasMore, onNearEnd } = props;
  const anchorRows = useMemo(
    () => ({
      idAt: (row: number) => runs[row]?.traceId,
      rowOf: (id: string) => runs.findIndex((run) => run.traceId === id),
    }),
    [runs],
  );
  const scroller = useRowAnchor(anchorRows, rowHeight);
  const focusRow = useRowFocus(scroller);
  const virtualizer = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: headHeight,
    overscan: 12,
  });
  const rows = virtualizer.getVirtualItems();
  const lastIndex = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastIndex >= runs.length - 10) onNearEnd();
  }, [hasMore, lastIndex, runs.length, onNearEnd]);

  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const wanted = keyTarget(event.key, index, runs.length);
    if (wanted === undefined) return;
    event.preventDefault();
    const target = Math.min(runs.length - 1, Math.max(0, wanted));
    virtualizer.scrollToIndex(target);
    focusRow(target);
  };
  useRowOpening(scroller, 'data-run');
  useListPlace(scroller, anchorRows.rowOf, focusRow);
  const before = rows[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (rows.at(-1)?.end ?? 0);
  return (
    <div className={styles.scroll} ref={scroller} data-testid="runs">
      <table className={styles.table} aria-rowcount={(props.total ?? runs.length) + 1}>
        <caption className="visually-hidden">Runs, newest first</caption>
        <RunTableHead />
        <tbody>
          <Spacer height={before} />
          {rows.map((row) => {
            const run = runs[row.index];
            return (
              run !== undefined && (
                <RunRow key={run.traceId} run={run} index={row.index} onKeyDown={onKeyDown} />
              )
            );
          })}
          <Spacer height={after} />
        </tbody>
      </table>
      {props.footer !== undefined && <div className={classNames(styles.more)}>{props.footer}</div>}
    </div>
  );
}

function Spacer(props: { readonly height: number }) {
  if (props.height <= 0) return undefined;
  return (
    <tr className={styles.spacer} aria-hidden="true">
      <td style={{ height: props.height }} />
    </tr>
  );
}
