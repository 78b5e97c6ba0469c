// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import type { PageScope } from '../model/period';
import { describeStretch } from '../model/period';
import { usePageTitle } from '../ui/usePageTitle';
import { AddressProblems } from './AddressProblems';
import styles from './SumPage.module.css';
import { useAddress } from './useAddress';

/**
 * A page of figures over a stretch of time, which is said beside its title. An address that asks for what
 * the page does not know gets no figures, for they would be of more than was asked for.
 */
export function SumPage(props: {
  readonly title: string;
  readonly scope: PageScope;
  readonly heading?: ReactNode;
  readonly end?: ReactNode;
  readonly children: ReactNode;
  /** For pages whose figures are of no time of their own. */
  readonly isTimeless?: boolean;
  readonly testId?: string;
}) {
  const { title, scope } = props;
  const { change } = useAddress();
  usePageTitle(title);
  return (
    <div className={styles.page} data-testid={props.testId}>
      <header className={styles.head}>
        <h1 tabIndex={-1} dir="auto">
          {props.heading ?? title}
        </h1>
        {props.isTimeless !== true && (
          <span
            className={styles.time}
            data-testid="stretch"
            title={scope.isChosen ? undefined : 'No time was chosen above'}
          >
            {describeStretch(scope.stretch)}
          </span>
        )}
        {props.end !== undefined && <div className={styles.end}>{props.end}</div>}
      </header>
      {scope.problems.length > 0 ? (
        <AddressProblems problems={scope.problems} onChange={change} />
      ) : (
        props.children
      )}
    </div>
  );
}
