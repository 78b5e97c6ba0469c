// SPDX-License-Identifier: Apache-2.0

import { axisTicks } from '../../model/timeAxis';
import type { TimeWindow } from '../../model/timeWindow';
import styles from './SpanTree.module.css';

const maxTicks = 5;
/** A label further right would stick out of the column. */
const lastTickAt = 0.9;

/** The head of the time column. */
export function TimeAxis(props: { readonly window: TimeWindow }) {
  return (
    <span className={styles.axis} aria-hidden="true">
      {axisTicks(props.window, maxTicks)
        .filter((tick) => tick.at < lastTickAt)
        .map((tick) => (
          <span key={tick.at}>
            <span className={styles.line} style={{ left: `${tick.at * 100}%` }} />
            <span className={styles.tick} style={{ left: `${tick.at * 100}%` }}>
              {tick.label}
            </span>
          </span>
        ))}
    </span>
  );
}
