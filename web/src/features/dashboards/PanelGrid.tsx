// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { readingOrder } from '../../model/dashboard';
import type { Panel } from '../../model/dashboard';
import styles from './Dashboards.module.css';
import { PanelFrame } from './PanelFrame';

/** Panels in their places; on a phone one below the other, in the order in which they are read. */
export function PanelGrid(props: {
  readonly panels: readonly Panel[];
  readonly tools?: (panel: Panel) => ReactNode;
}) {
  return (
    <div className={styles.grid}>
      {readingOrder(props.panels).map((panel) => {
        const { x, y, w, h } = panel.position;
        return (
          <div
            key={panel.id}
            className={styles.place}
            style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` }}
          >
            <PanelFrame panel={panel} tools={props.tools?.(panel)} />
          </div>
        );
      })}
    </div>
  );
}
