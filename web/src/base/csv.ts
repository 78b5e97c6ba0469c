// SPDX-License-Identifier: Apache-2.0
// Tables as text that any table program reads.

export type CsvValue = string | number | boolean | undefined;

/** A cell that a table program neither splits nor takes for a formula. */
function csvCell(value: CsvValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of names, and one for each row. */
export function toCsv<Name extends string>(
  columns: readonly Name[],
  rows: readonly Readonly<Record<Name, CsvValue>>[],
): string {
  const lines = rows.map((row) => columns.map((name) => csvCell(row[name])).join(','));
  return [columns.join(','), ...lines, ''].join('\r\n');
}
