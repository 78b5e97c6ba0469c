// SPDX-License-Identifier: Apache-2.0

import { firstMeasure, measuresOf } from '../../model/panelQuery';
import { BehindLink } from './BehindLink';
import styles from './Dashboards.module.css';
import { measureText } from './measureText';
import { nameOf } from './panelSums';
import type { PanelSums } from './panelSums';
import { SeriesNote } from './SeriesNote';
import { wordsOf } from './texts';

const usualLength = 10;

/** The first groups in their order, numbered, each with its part of the largest one. */
export function TopList(props: PanelSums) {
  const { query, sums } = props;
  const measure = firstMeasure(query);
  const shown = sums.groups.slice(0, query.limit ?? usualLength);
  const most = Math.max(0, ...shown.map(({ values }) => values[measure] ?? 0));
  return (
    <>
      <ol className={styles.top}>
        {shown.map((group, index) => (
          <li key={nameOf(group, query)}>
            <span className={styles.rank} aria-hidden="true">
              {index + 1}
            </span>
            <span className={styles.topName} title={nameOf(group, query)}>
              <BehindLink {...props} group={group}>
                <bdi>{nameOf(group, query)}</bdi>
              </BehindLink>
            </span>
            {measuresOf(query).map((name) => (
              <span
                key={name}
                title={wordsOf(name)}
                className={name === measure ? styles.topFigure : styles.topMore}
              >
                {measureText(name, group.values[name])}
              </span>
            ))}
            <span
              className={styles.share}
              aria-hidden="true"
              style={{
                width: `${most > 0 ? (100 * Math.max(0, group.values[measure] ?? 0)) / most : 0}%`,
              }}
            />
          </li>
        ))}
      </ol>
      <SeriesNote shown={shown.length} total={sums.totalGroups} />
    </>
  );
}
