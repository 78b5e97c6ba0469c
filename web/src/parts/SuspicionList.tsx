// SPDX-License-Identifier: Apache-2.0

import { formatPercent } from '../base/format';
import type { Attribution } from '../model/failures';
import type { SearchTexts } from '../model/searchTexts';
import { RunLink } from './links';
import styles from './DifferenceList.module.css';

/** Which agent and step most likely made each run fail, with the reasons, or why that is not known. */
export function SuspicionList(props: {
  readonly attributions: readonly Attribution[];
  readonly scope: SearchTexts;
}) {
  return (
    <ul className={styles.list} data-testid="suspicions">
      {props.attributions.map((attribution) => {
        const { traceId, unknownBecause } = attribution;
        const [first] = attribution.suspects;
        return (
          <li key={traceId}>
            <RunLink
              traceId={traceId}
              search={first === undefined ? props.scope : { ...props.scope, span: first.spanId }}
            >
              {attribution.agent ?? 'Not known'}
            </RunLink>
            {unknownBecause !== undefined && (
              <span className={styles.figures}>{unknownBecause}</span>
            )}
            {first !== undefined && (
              <span className={styles.figures}>
                {formatPercent(Math.round(first.probability * 100))} likely:{' '}
                <bdi>{first.evidence.join('; ')}</bdi>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
