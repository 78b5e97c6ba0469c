// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { Button } from './Button';
import styles from './ColumnsMenu.module.css';
import { leastWidth, mostWidth } from './dataColumns';
import type { Column } from './dataColumns';
import { Popover } from './Popover';
import { resetColumns, setColumnShown, setColumnWidth, usePreferences } from './preferences';

const step = 24;
/** Of a column that takes what is left, until the reader gives it a width. */
const usualWidth = 200;

/** Which columns a table shows, and how wide they are. */
export function ColumnsMenu<Row>(props: {
  readonly tableId: string;
  readonly columns: readonly Column<Row>[];
  /** Where the address says which columns are left out, and not the reader's own choice. */
  readonly hidden?: readonly string[] | undefined;
  readonly onHidden?: (hidden: readonly string[]) => void;
  /** More that can be chosen about the rows. */
  readonly children?: ReactNode;
}) {
  const { tableId, columns, onHidden } = props;
  const choices = usePreferences().columns[tableId];
  const isOfAddress = props.hidden !== undefined && onHidden !== undefined;
  const hidden = props.hidden ?? choices?.hidden ?? [];
  const show = (id: string, isShown: boolean): void => {
    if (!isOfAddress) {
      setColumnShown(tableId, id, isShown);
      return;
    }
    const others = hidden.filter((other) => other !== id);
    onHidden(isShown ? others : [...others, id]);
  };
  const reset = (): void => {
    resetColumns(tableId);
    if (isOfAddress) onHidden([]);
  };
  return (
    <Popover face="Columns" label="Columns">
      {props.children}
      <ul className={styles.list}>
        {columns.map((column) => {
          const width = choices?.widths[column.id] ?? column.width ?? usualWidth;
          const widen = (by: number): void =>
            setColumnWidth(
              tableId,
              column.id,
              Math.min(mostWidth, Math.max(leastWidth, width + by)),
            );
          return (
            <li key={column.id} className={styles.item}>
              <label>
                <input
                  type="checkbox"
                  checked={!hidden.includes(column.id)}
                  disabled={column.isFixed === true}
                  onChange={(event) => show(column.id, event.target.checked)}
                />
                {column.label}
              </label>
              <Button
                fit="small"
                look="quiet"
                aria-label={`Narrower: ${column.label}`}
                onClick={() => widen(-step)}
              >
                −
              </Button>
              <Button
                fit="small"
                look="quiet"
                aria-label={`Wider: ${column.label}`}
                onClick={() => widen(step)}
              >
                +
              </Button>
            </li>
          );
        })}
      </ul>
      <Button fit="small" onClick={reset}>
        As at first
      </Button>
    </Popover>
  );
}
