// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import type { ColumnChoices } from './preferences';

/** One column of a table, declared once: head, cells, grey lines while loading, and the menu of columns. */
export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** Read out only: what the column shows needs no words above it. */
  readonly isLabelHidden?: boolean;
  /** `link` is how the row is opened; the column that names the row shows it. */
  cell(row: Row, link: ReactNode): ReactNode;
  title?(row: Row): string | undefined;
  /** Pixels; columns without it share what is left. */
  readonly width?: number;
  /** The same on a phone. */
  readonly phoneWidth?: number;
  readonly isFigure?: boolean;
  readonly isMuted?: boolean;
  /** The column that names the row is always there. */
  readonly isFixed?: boolean;
  /** Left out where the table has fewer pixels. */
  readonly fromWidth?: number;
  /** Pixels of the grey line that stands for a value still to come. */
  readonly skeleton: number;
  /** Where rows can be sorted by it: smaller first. */
  compare?(left: Row, right: Row): number;
  /** Where the rows come sorted, the name of the order by this column. */
  readonly order?: string;
}

export interface Sort {
  /** A column, or the order that it has a name for. */
  readonly columnId: string;
  readonly isDescending: boolean;
}

/** A sort as it stands in an address: the name, with - before it for the largest first. */
export function readSort(text: string | undefined): Sort | undefined {
  if (text === undefined) return undefined;
  const isDescending = text.startsWith('-');
  return { columnId: isDescending ? text.slice(1) : text, isDescending };
}

export function sortText({ columnId, isDescending }: Sort): string {
  return `${isDescending ? '-' : ''}${columnId}`;
}

/** From so many pixels on a table is wider than on a phone. */
const phoneFromWidth = 540;
/** Of a column that shows its label. */
export const leastWidth = 48;
export const mostWidth = 900;

/** The columns that are shown at a width, with the widths that the reader gave them. */
export function shownColumns<Row>(
  columns: readonly Column<Row>[],
  choices: ColumnChoices | undefined,
  tableWidth: number,
  /** Takes the place of what the reader has hidden. */
  hidden: readonly string[] = choices?.hidden ?? [],
): readonly Column<Row>[] {
  return columns
    .filter(
      (column) =>
        column.isFixed === true ||
        (!hidden.includes(column.id) && (column.fromWidth ?? 0) <= tableWidth),
    )
    .map((column) => {
      const phoneWidth = tableWidth < phoneFromWidth ? column.phoneWidth : undefined;
      const width = choices?.widths[column.id] ?? phoneWidth;
      if (width === undefined) return column;
      return width < leastWidth ? { ...column, width, isLabelHidden: true } : { ...column, width };
    });
}

export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
): readonly Row[] {
  const column = columns.find(({ id }) => id === sort?.columnId);
  if (column?.compare === undefined || sort === undefined) return rows;
  const sorted = [...rows].sort((left, right) => column.compare?.(left, right) ?? 0);
  return sort.isDescending ? sorted.reverse() : sorted;
}
