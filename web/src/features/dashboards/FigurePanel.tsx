// SPDX-License-Identifier: Apache-2.0

import { measuresOf } from '../../model/panelQuery';
import { BehindLink } from './BehindLink';
import styles from './Dashboards.module.css';
import { measureText } from './measureText';
import type { PanelSums } from './panelSums';
import { wordsOf } from './texts';

/** One number, and below it what else was asked for. */
export function FigurePanel(props: PanelSums) {
  const { query, sums } = props;
  const group = sums.groups[0];
  const [measure = 'count', ...more] = measuresOf(query);
  const text = measureText(measure, group?.values[measure]);
  const isLess = measure.endsWith('cost') && group?.costStatus === 'partial';
  return (
    <div className={styles.figures}>
      <span className={styles.figure}>
        <BehindLink {...props} group={group} measure={measure}>
          {isLess ? `≥ ${text}` : text}
        </BehindLink>
      </span>
      {more.length > 0 && (
        <dl className={styles.more}>
          {more.map((name) => (
            <div key={name}>
              <dt>{wordsOf(name)}</dt>
              <dd>
                <BehindLink {...props} group={group} measure={name}>
                  {measureText(name, group?.values[name])}
                </BehindLink>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
