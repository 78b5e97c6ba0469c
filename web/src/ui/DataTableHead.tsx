// SPDX-License-Identifier: Apache-2.0

import type { PointerEvent } from 'react';
import { classNames } from './classNames';
import { leastWidth, mostWidth } from './dataColumns';
import type { Column, Sort } from './dataColumns';
import styles from './DataTable.module.css';
import { setColumnWidth } from './preferences';

function ariaSort(
  sort: Sort | undefined,
  columnId: string,
): 'ascending' | 'descending' | undefined {
  if (sort?.columnId !== columnId) return undefined;
  return sort.isDescending ? 'descending' : 'ascending';
}

/** Where the label does not show, the mark alone says that rows can be sorted. */
function sortMark(order: ReturnType<typeof ariaSort>, isLabelHidden = false): string {
  if (order === undefined) return isLabelHidden ? '↕' : '';
  return order === 'descending' ? ' ▾' : ' ▴';
}

/** Labels that sort where rows can be sorted, and borders that a pointer can move. */
export function DataTableHead<Row>(props: {
  readonly tableId: string;
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}) {
  const { tableId, columns, sort, onSort } = props;
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const sortId = column.order ?? column.id;
          const order = ariaSort(sort, sortId);
          const isSortable = column.compare !== undefined || column.order !== undefined;
          const canSort = isSortable && onSort !== undefined;
          return (
            <th
              key={column.id}
              scope="col"
              style={{ width: column.width }}
              className={classNames(column.isFigure === true && styles.figure)}
              aria-sort={order}
            >
              {canSort ? (
                <button
                  type="button"
                  className={styles.sort}
                  title={column.isLabelHidden === true ? column.label : undefined}
                  onClick={() => onSort({ columnId: sortId, isDescending: order !== 'descending' })}
                >
                  <span className={column.isLabelHidden === true ? 'visually-hidden' : undefined}>
                    {column.label}
                  </span>
                  <span aria-hidden="true">{sortMark(order, column.isLabelHidden)}</span>
                </button>
              ) : (
                <span className={column.isLabelHidden === true ? 'visually-hidden' : undefined}>
                  {column.label}
                </span>
              )}
              {column.isLabelHidden !== true && (
                <ResizeHandle tableId={tableId} columnId={column.id} />
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** For pointers only; the menu of columns does the same by keys. */
function ResizeHandle(props: { readonly tableId: string; readonly columnId: string }) {
  const onPointerMove = (event: PointerEvent<HTMLSpanElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const cell = event.currentTarget.parentElement?.getBoundingClientRect();
    if (cell === undefined) return;
    const width = Math.round(Math.min(mostWidth, Math.max(leastWidth, event.clientX - cell.left)));
    setColumnWidth(props.tableId, props.columnId, width);
  };
  return (
    <span
      className={styles.resize}
      aria-hidden="true"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  );
}
