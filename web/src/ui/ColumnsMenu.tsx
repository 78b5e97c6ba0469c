// SPDX-License-Identifier: Apache-2.0

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
}) {
  const { tableId, columns } = props;
  const choices = usePreferences().columns[tableId];
  return (
    <Popover face="Columns" label="Columns">
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
                  checked={choices?.hidden.includes(column.id) !== true}
                  disabled={column.isFixed === true}
                  onChange={(event) => setColumnShown(tableId, column.id, event.target.checked)}
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
      <Button fit="small" onClick={() => resetColumns(tableId)}>
        As at first
      </Button>
    </Popover>
  );
}
