// SPDX-License-Identifier: Apache-2.0

import { Skeleton } from '../../ui/Notice';
import styles from './TraceSkeleton.module.css';

const rows = Array.from({ length: 12 }, (_, index) => index);

/** The trace page while its spans are on the way: rows of the same height, the panel at its side. */
export function TraceSkeleton() {
  return (
    <div className={styles.tree} aria-busy="true" data-testid="trace-loading">
      <div className={styles.tools}>
        <Skeleton width={200} />
      </div>
      {rows.map((row) => (
        <div key={row} className={styles.row} style={{ paddingLeft: 16 + (row % 4) * 14 }}>
          <Skeleton width={140 + ((row * 53) % 90)} />
          <Skeleton width={`${12 + ((row * 17) % 30)}%`} />
        </div>
      ))}
      <span className="visually-hidden">Loading spans</span>
    </div>
  );
}
