// SPDX-License-Identifier: Apache-2.0

import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Button } from './Button';
import { classNames } from './classNames';
import { shownColumns, sortRows } from './dataColumns';
import type { Column, Sort } from './dataColumns';
import styles from './DataTable.module.css';
import { DataTableHead } from './DataTableHead';
import { usePreferences } from './preferences';
import { useHeldRows } from './useHeldRows';
import { useListPlace } from './useListPlace';
import { useRowAnchor } from './useRowAnchor';
import type { AnchorRows } from './useRowAnchor';
import { useRowFocus } from './useRowFocus';
import { useRowKeys } from './useRowKeys';
import { useRowOpening } from './useRowOpening';
import { useRowsCommand } from './useRowsCommand';
import { useTopOfList } from './useTopOfList';
import { useWidth } from './useWidth';

const usualRowHeight = 34;
const headHeight = 30;
const noRows: AnchorRows = { idAt: () => undefined, rowOf: () => -1 };

/** What the link of a row must carry to be walked to by keys. */
export interface RowLinkProps {
  readonly className: string | undefined;
  readonly 'data-index': number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export interface DataTableProps<Row> {
  /** Names the reader's choice of columns. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Another one says that the rows are another list, which begins at its top. */
  readonly listKey?: string;
  readonly idOf: (row: Row) => string;
  /** The link of a row; a click anywhere in the row follows it. */
  link(this: void, row: Row, props: RowLinkProps): ReactNode;
  /** All rows there are, where more than those given. */
  readonly total?: number | undefined;
  readonly hasMore?: boolean;
  readonly onNearEnd?: () => void;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  /** A click on a row shows it beside the list; its link opens its page. */
  readonly onPeek?: ((id: string) => void) | undefined;
  /** The row that is shown beside the list. */
  readonly peekedId?: string | undefined;
  /** Columns that are left out, whatever the reader has chosen. */
  readonly hidden?: readonly string[] | undefined;
  /** Pixels; 34 if it is not given. A table of another height is another table. */
  readonly rowHeight?: number;
  /** What Space does on the link of a row. */
  readonly onPick?: ((id: string) => void) | undefined;
  /** What stands below the last row. */
  readonly footer?: ReactNode;
  readonly testId?: string;
}

/** Changes with the rows that are asked for and with their order. */
function listKeyOf(sort: Sort | undefined, listKey = ''): string {
  return `${sort?.columnId ?? ''} ${String(sort?.isDescending ?? false)} ${listKey}`;
}

/** The columns that there is room for and that are wanted. */
function useShownColumns<Row>(
  props: Pick<DataTableProps<Row>, 'id' | 'columns' | 'hidden'>,
  scroller: ReturnType<typeof useRowAnchor>,
): readonly Column<Row>[] {
  const { columns, hidden } = props;
  const choices = usePreferences().columns[props.id];
  const width = useWidth(scroller);
  return useMemo(
    () => shownColumns(columns, choices, width, hidden),
    [columns, choices, width, hidden],
  );
}

function firstSeen(scroller: ReturnType<typeof useRowAnchor>, rowHeight: number): number {
  return Math.ceil((scroller.current?.scrollTop ?? 0) / rowHeight);
}

/**
 * Rows of one height, drawn only where they are seen. Rows do not move while they are read; new ones are
 * counted above them. Arrow keys, Page Up and Down, Home and End walk through the links of the rows.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, idOf, hasMore = false, onNearEnd, sort } = props;
  const rowHeight = props.rowHeight ?? usualRowHeight;
  const [anchorRows, setAnchorRows] = useState(noRows);
  const scroller = useRowAnchor(anchorRows, rowHeight);
  const sorted = useMemo(() => sortRows(props.rows, columns, sort), [props.rows, columns, sort]);
  const listKey = listKeyOf(sort, props.listKey);
  const { rows, fresh, release } = useHeldRows(scroller, sorted, idOf, listKey);
  const [known, setKnown] = useState<readonly Row[]>();
  if (known !== rows) {
    setKnown(rows);
    setAnchorRows({
      idAt: (index) => (rows[index] === undefined ? undefined : idOf(rows[index])),
      rowOf: (id) => rows.findIndex((row) => idOf(row) === id),
    });
  }
  const shown = useShownColumns(props, scroller);
  const focusRow = useRowFocus(scroller);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: headHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastIndex >= rows.length - 10) onNearEnd?.();
  }, [hasMore, lastIndex, rows.length, onNearEnd]);
  const onRowKey = useRowKeys(rows.length, (row) => {
    virtualizer.scrollToIndex(row);
    focusRow(row);
  });
  const peeked = props.peekedId === undefined ? -1 : anchorRows.rowOf(props.peekedId);
  useRowsCommand(() => focusRow(peeked >= 0 ? peeked : firstSeen(scroller, rowHeight)));
  useRowOpening(scroller, 'data-run', props.onPeek);
  useListPlace(scroller, anchorRows.rowOf, focusRow);
  useTopOfList(scroller, props.listKey);
  const showFresh = (): void => {
    release();
    scroller.current?.scrollTo({ top: 0 });
  };
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className={styles.scroll} ref={scroller} data-testid={props.testId}>
      <div className={styles.fresh} role="status">
        {fresh > 0 && <Button onClick={showFresh}>↑ {fresh} new</Button>}
      </div>
      <table className={styles.table} aria-rowcount={(props.total ?? rows.length) + 1}>
        <caption className="visually-hidden">{props.caption}</caption>
        <DataTableHead tableId={props.id} columns={shown} sort={sort} onSort={props.onSort} />
        <tbody>
          <Spacer height={items[0]?.start ?? 0} />
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return undefined;
            const id = idOf(row);
            return (
              <DataRow
                key={id}
                id={id}
                row={row}
                index={index}
                columns={shown}
                link={props.link}
                height={rowHeight}
                onPick={props.onPick}
                isPeeked={id === props.peekedId}
                onKeyDown={onRowKey}
              />
            );
          })}
          <Spacer height={after} />
        </tbody>
      </table>
      {props.footer !== undefined && <div className={styles.more}>{props.footer}</div>}
    </div>
  );
}

interface DataRowProps<Row> {
  readonly id: string;
  readonly row: Row;
  readonly index: number;
  /** Pixels. */
  readonly height: number;
  readonly columns: readonly Column<Row>[];
  readonly link: DataTableProps<Row>['link'];
  readonly onPick: ((id: string) => void) | undefined;
  readonly isPeeked: boolean;
  readonly onKeyDown: (event: KeyboardEvent, index: number) => void;
}

function PlainDataRow<Row>(props: DataRowProps<Row>) {
  const { id, row, index, onPick } = props;
  const link = props.link(row, {
    className: styles.link,
    'data-index': index,
    onKeyDown: (event) => {
      if (event.key === ' ' && onPick !== undefined) {
        event.preventDefault();
        onPick(id);
        return;
      }
      props.onKeyDown(event, index);
    },
  });
  return (
    <tr
      className={styles.row}
      style={{ height: props.height }}
      data-run={id}
      data-peeked={props.isPeeked}
      aria-rowindex={index + 2}
    >
      {props.columns.map((column) => (
        <td
          key={column.id}
          data-column={column.id}
          className={classNames(
            column.isFigure === true && styles.figure,
            column.isMuted === true && styles.muted,
          )}
          title={column.title?.(row)}
        >
          {column.cell(row, link)}
        </td>
      ))}
    </tr>
  );
}

/** Drawn anew only when the row, its place or the columns change; its handlers do the same either way. */
const DataRow = memo(
  PlainDataRow<unknown>,
  (before, after) =>
    before.row === after.row &&
    before.index === after.index &&
    before.isPeeked === after.isPeeked &&
    before.columns === after.columns &&
    before.height === after.height &&
    before.link === after.link &&
    before.onPick === after.onPick,
);

function Spacer(props: { readonly height: number }) {
  if (props.height <= 0) return undefined;
  return (
    <tr className={styles.spacer} aria-hidden="true">
      <td style={{ height: props.height }} />
    </tr>
  );
}
