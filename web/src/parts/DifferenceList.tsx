// SPDX-License-Identifier: Apache-2.0

import { formatCount } from '../base/format';
import { describeCondition } from '../model/failures';
import type { Difference } from '../model/failures';
import type { SearchTexts } from '../model/searchTexts';
import styles from './DifferenceList.module.css';
import { RunLink } from './links';

/** What some runs have in common that the others have not, each with an example. */
export function DifferenceList(props: {
  readonly differences: readonly Difference[];
  /** What the selected runs are, such as "failed". */
  readonly selected: string;
  readonly scope: SearchTexts;
}) {
  return (
    <ul className={styles.list} data-testid="differences">
      {props.differences.map((difference, index) => {
        const [example] = difference.traceIds;
        return (
          <li key={index}>
            <strong dir="auto">{difference.conditions.map(describeCondition).join(' and ')}</strong>
            <span className={styles.figures}>
              {formatCount(difference.selected)} of {formatCount(difference.runs)} such runs{' '}
              {props.selected}, {difference.lift.toFixed(1)} × as many as of all
            </span>
            {difference.also.length > 0 && (
              <span className={styles.figures}>
                the same runs:{' '}
                <bdi>{difference.also.slice(0, 4).map(describeCondition).join('; ')}</bdi>
              </span>
            )}
            {example !== undefined && (
              <span className={styles.figures}>
                <RunLink traceId={example} search={props.scope}>
                  An example
                </RunLink>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
