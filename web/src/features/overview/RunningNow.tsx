// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from 'react';
import { useNewestRuns } from '../../api/sumQueries';
import { formatDuration } from '../../base/format';
import type { PageScope } from '../../model/period';
import type { Run } from '../../model/run';
import { AnswerOf } from '../../parts/AnswerOf';
import { CostText } from '../../parts/CostText';
import { RunLink, RunsLink } from '../../parts/links';
import { SignTag } from '../../parts/SignTag';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { StateMark } from '../../ui/Tag';
import styles from './Overview.module.css';
import { texts } from './texts';

const shown = 8;

/** The clock of elapsed times; it stands still while the page is held. */
function useNow(isHeld: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isHeld]);
  return now;
}

/** Runs that go on, with the time since their start and what they have cost so far. */
export function RunningNow(props: { readonly scope: PageScope }) {
  const { scope } = props;
  const running = useNewestRuns(scope, { status: 'running' }, shown);
  const now = useNow(scope.isHeld);
  return (
    <Card
      title={texts.running}
      testId="running-now"
      end={<RunsLink search={{ status: 'running' }}>All that run</RunsLink>}
    >
      <AnswerOf query={running} what="running runs" lines={shown}>
        {({ runs }) =>
          runs.length === 0 ? (
            <EmptyState title={texts.nothingRuns} isCompact />
          ) : (
            <ul className={styles.list}>
              {runs.map((run) => (
                <RunningItem key={run.traceId} run={run} now={now} scope={scope} />
              ))}
            </ul>
          )
        }
      </AnswerOf>
    </Card>
  );
}

function RunningItem(props: {
  readonly run: Run;
  readonly now: number;
  readonly scope: PageScope;
}) {
  const { run, now } = props;
  const elapsed =
    run.startNs === undefined
      ? undefined
      : Math.max(0, (now - Number(run.startNs / 1_000_000n)) / 1000);
  return (
    <li className={styles.item}>
      <StateMark tone="running" />
      <span>
        <RunLink traceId={run.traceId} search={props.scope.links}>
          {run.name}
        </RunLink>
        <SignTag signs={run.signs} />
      </span>
      <span className={styles.muted}>
        {formatDuration(elapsed === undefined ? undefined : Math.round(elapsed))} ·{' '}
        <CostText cost={run.cost} />
      </span>
    </li>
  );
}
