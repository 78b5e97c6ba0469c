// SPDX-License-Identifier: Apache-2.0

import { useMemo, useRef } from 'react';
import { classNames } from './classNames';
import { shownColumns, sortRows } from './dataColumns';
import type { Column, Sort } from './dataColumns';
import styles from './DataTable.module.css';
import { DataTableHead } from './DataTableHead';
import { Skeleton } from './Notice';
import { usePreferences } from './preferences';
import shortStyles from './ShortTable.module.css';
import { useWidth } from './useWidth';

export interface ShortTableProps<Row> {
  /** Names the reader's choice of columns. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while they are on the way. */
  readonly rows: readonly Row[] | undefined;
  readonly idOf: (row: Row) => string;
  readonly sort?: Sort | undefined;
  readonly onSort?: ((sort: Sort) => void) | undefined;
  readonly testId?: string;
}

const skeletonRows = [0, 1, 2, 3];

/** A table of few rows that stands in the flow of a page, all of it drawn; links stand in its cells. */
export function ShortTable<Row>(props: ShortTableProps<Row>) {
  const { id, columns, rows, idOf, sort } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const choices = usePreferences().columns[id];
  const shown = useMemo(() => shownColumns(columns, choices, width), [columns, choices, width]);
  const sorted = useMemo(
    () => (rows === undefined ? undefined : sortRows(rows, columns, sort)),
    [rows, columns, sort],
  );
  return (
    <div
      ref={box}
      className={shortStyles.box}
      aria-busy={rows === undefined}
      data-testid={props.testId}
    >
      <table className={classNames(styles.table, shortStyles.table)}>
        <caption className="visually-hidden">{props.caption}</caption>
        <DataTableHead tableId={id} columns={shown} sort={sort} onSort={props.onSort} />
        <tbody>
          {sorted === undefined
            ? skeletonRows.map((row) => (
                <tr key={row}>
                  {shown.map((column) => (
                    <td key={column.id} className={cellClass(column)}>
                      <Skeleton width={column.skeleton} />
                    </td>
                  ))}
                </tr>
              ))
            : sorted.map((row) => (
                <tr key={idOf(row)} data-row={idOf(row)}>
                  {shown.map((column) => (
                    <td key={column.id} className={cellClass(column)} title={column.title?.(row)}>
                      {column.cell(row, undefined)}
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return classNames(
    column.isFigure === true && styles.figure,
    column.isMuted === true && styles.muted,
  );
}
