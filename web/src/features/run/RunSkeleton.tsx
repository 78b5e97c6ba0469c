// SPDX-License-Identifier: Apache-2.0

import { Skeleton } from '../../ui/Notice';
import { SplitPane } from '../../ui/SplitPane';
import panelStyles from './Panel.module.css';
import styles from './RunSkeleton.module.css';

const rows = Array.from({ length: 12 }, (_, index) => index);

/** The page of a run while its spans are on the way: rows of the same height, the panel at its side. */
export function RunSkeleton() {
  return (
    <SplitPane
      sideLabel="details"
      isSideOpen={false}
      main={<TreeSkeleton />}
      side={<PanelSkeleton />}
    />
  );
}

function TreeSkeleton() {
  return (
    <div className={styles.tree} aria-busy="true" data-testid="trace-loading">
      <div className={styles.tools}>
        <Skeleton width={200} />
      </div>
      <div className={styles.head} />
      {rows.map((row) => (
        <div key={row} className={styles.row}>
          <span style={{ paddingLeft: (row % 4) * 14 }}>
            <Skeleton width={140 + ((row * 53) % 90)} />
          </span>
          <span style={{ paddingLeft: `${row * 6}%` }}>
            <Skeleton width={`${18 + ((row * 17) % 20)}%`} />
          </span>
        </div>
      ))}
      <span className="visually-hidden">Loading spans</span>
    </div>
  );
}

function PanelSkeleton() {
  return (
    <>
      <div className={panelStyles.head}>
        <Skeleton width={80} />
      </div>
      <div className={panelStyles.body}>
        <div className={panelStyles.sections}>
          {rows.slice(0, 5).map((row) => (
            <Skeleton key={row} width={`${40 + ((row * 23) % 50)}%`} />
          ))}
        </div>
      </div>
    </>
  );
}
