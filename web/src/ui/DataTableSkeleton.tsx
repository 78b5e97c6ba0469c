// SPDX-License-Identifier: Apache-2.0

import { useRef } from 'react';
import { shownColumns } from './dataColumns';
import type { Column } from './dataColumns';
import styles from './DataTable.module.css';
import { DataTableHead } from './DataTableHead';
import { Skeleton } from './Notice';
import { usePreferences } from './preferences';
import { useWidth } from './useWidth';

const skeletonRows = Array.from({ length: 14 }, (_, index) => index);

/** The table while its first rows are on the way: same head, same rows, no text. */
export function DataTableSkeleton<Row>(props: {
  readonly id: string;
  readonly columns: readonly Column<Row>[];
  readonly hidden?: readonly string[] | undefined;
  readonly rowHeight?: number;
  readonly testId?: string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const shown = shownColumns(
    props.columns,
    usePreferences().columns[props.id],
    width,
    props.hidden,
  );
  return (
    <div className={styles.scroll} ref={scroller} aria-busy="true" data-testid={props.testId}>
      <table className={styles.table}>
        <caption className="visually-hidden">Loading</caption>
        <DataTableHead tableId={props.id} columns={shown} sort={undefined} onSort={undefined} />
        <tbody>
          {skeletonRows.map((row) => (
            <tr key={row} style={{ height: props.rowHeight }}>
              {shown.map((column) => (
                <td
                  key={column.id}
                  className={column.isFigure === true ? styles.figure : undefined}
                >
                  <Skeleton width={column.skeleton} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
