// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import type { Panel } from '../../model/dashboard';
import styles from './Dashboards.module.css';
import { PanelView } from './PanelView';
import { kindNames } from './texts';

/** What a panel is called where it has no title of its own. */
export function titleOf(panel: Panel): string {
  return panel.title === '' ? kindNames[panel.kind] : panel.title;
}

/** One panel: its title and what it shows. */
export function PanelFrame(props: {
  readonly panel: Panel;
  /** What stands in the head of a panel that is edited. */
  readonly tools?: ReactNode;
}) {
  const { panel, tools } = props;
  const title = titleOf(panel);
  const hasHead = panel.title !== '' || tools !== undefined;
  return (
    <section className={styles.panel} aria-label={title} data-panel={panel.id}>
      {hasHead && (
        <div className={styles.panelHead} data-drag={tools !== undefined}>
          <h2 title={title}>
            <bdi>{title}</bdi>
          </h2>
          {tools}
        </div>
      )}
      <div className={styles.panelBody}>
        <PanelView panel={panel} />
      </div>
    </section>
  );
}
