// SPDX-License-Identifier: Apache-2.0

import { classNames } from '../../ui/classNames';
import { Skeleton } from '../../ui/Notice';
import styles from './RunTable.module.css';

const figure = styles.figure;

/** Label, classes, and how wide the grey line is that stands for a value still to come. */
const columns: readonly (readonly [label: string, className: string, skeleton: number])[] = [
  ['Status', classNames(styles.status), 66],
  ['Run', '', 180],
  ['Agent', classNames(styles.agent), 90],
  ['Models', classNames(styles.models), 100],
  ['Started', classNames(styles.moment, figure), 58],
  ['Duration', classNames(styles.duration, figure), 44],
  ['Spans', classNames(styles.spans, figure), 22],
  ['Errors', classNames(styles.errors, figure), 12],
  ['Tokens', classNames(styles.tokens, figure), 36],
  ['Cost', classNames(styles.cost, figure), 44],
];

export function RunTableHead() {
  return (
    <thead>
      <tr>
        {columns.map(([label, className]) => (
          <th key={label} scope="col" className={className}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}

const skeletonRows = Array.from({ length: 14 }, (_, index) => index);

/** The table while its first page is on the way: same head, same rows, no text. */
export function RunTableSkeleton() {
  return (
    <div className={styles.scroll} aria-busy="true" data-testid="runs-loading">
      <table className={styles.table}>
        <caption className="visually-hidden">Loading runs</caption>
        <RunTableHead />
        <tbody>
          {skeletonRows.map((row) => (
            <tr key={row}>
              {columns.map(([label, className, width]) => (
                <td key={label} className={className}>
                  <Skeleton width={width} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
