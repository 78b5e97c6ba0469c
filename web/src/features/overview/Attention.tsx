// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useErrorGroups } from '../../api/errorGroups';
import { useAnomalies, useNewestRuns } from '../../api/sumQueries';
import { formatCount, plural } from '../../base/format';
import type { Anomaly } from '../../model/anomaly';
import type { ErrorGroup } from '../../model/failures';
import type { PageScope } from '../../model/period';
import type { Run } from '../../model/run';
import type { SearchTexts } from '../../model/searchTexts';
import { summarizeSigns } from '../../model/sign';
import { LinesSkeleton } from '../../parts/AnswerOf';
import { RunLink, RunsLink } from '../../parts/links';
import { Card } from '../../ui/Card';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { Tag } from '../../ui/Tag';
import { useClock } from '../../ui/useClock';
import styles from './Overview.module.css';
import { texts } from './texts';

const shownOfEach = 4;
const runsLookedAt = 100;
const workflowsLookedAt = 6;

/** What a person may want to look at: signs of trouble, errors that are new, hours that are unlike before. */
export function Attention(props: { readonly scope: PageScope }) {
  const { scope } = props;
  const running = useNewestRuns(scope, { status: 'running' }, runsLookedAt);
  const errors = useErrorGroups(scope, workflowsLookedAt);
  const anomalies = useAnomalies(scope, shownOfEach);
  const signs = (running.data?.runs ?? []).filter((run) => run.signs.length > 0);
  const fresh = (errors.groups ?? []).filter(
    ({ recurrence }) => recurrence === 'new' || recurrence === 'returning',
  );
  const strange = anomalies.data?.anomalies ?? [];
  const isLoading = running.isPending || errors.groups === undefined || anomalies.isPending;
  const error = running.error?.message ?? errors.error ?? anomalies.error?.message;
  const isEmpty = signs.length + fresh.length + strange.length === 0;
  return (
    <Card title={texts.attention} testId="attention">
      {error !== undefined && (
        <ErrorNotice
          message={`Cannot load all of it: ${error}`}
          onRetry={() => {
            void running.refetch();
            void anomalies.refetch();
            errors.refetch();
          }}
        />
      )}
      {isEmpty && isLoading && error === undefined && <LinesSkeleton lines={3} />}
      {isEmpty && !isLoading && error === undefined && (
        <EmptyState title={texts.allWell} isCompact />
      )}
      <ul className={styles.list}>
        {signs.slice(0, shownOfEach).map((run) => (
          <SignItem key={run.traceId} run={run} scope={scope.links} />
        ))}
        {fresh.slice(0, shownOfEach).map((group) => (
          <ErrorItem key={group.fingerprint} group={group} scope={scope.links} />
        ))}
        {strange.map((anomaly, index) => (
          <AnomalyItem key={index} anomaly={anomaly} />
        ))}
      </ul>
      {(signs.length > shownOfEach || fresh.length > shownOfEach) && (
        <p className={styles.muted}>
          <RunsLink search={{ status: 'running' }}>
            {plural(signs.length, 'run')} with signs
          </RunsLink>
          {' · '}
          <Link to="/errors" search={scope.links}>
            {plural(fresh.length, 'new error')}
          </Link>
        </p>
      )}
    </Card>
  );
}

function Item(props: {
  readonly tag: ReactNode;
  readonly children: ReactNode;
  readonly end: ReactNode;
}) {
  return (
    <li className={styles.item}>
      {props.tag}
      <span>{props.children}</span>
      <span className={styles.muted}>{props.end}</span>
    </li>
  );
}

function SignItem(props: { readonly run: Run; readonly scope: SearchTexts }) {
  const { run } = props;
  const clock = useClock();
  const newest = run.signs.at(-1);
  return (
    <Item
      tag={<Tag tone="warn">{summarizeSigns(run.signs) ?? 'sign'}</Tag>}
      end={clock.moment(newest?.raisedAtNs)}
    >
      <RunLink traceId={run.traceId} search={props.scope} title={newest?.message ?? ''}>
        {run.name}: {newest?.message}
      </RunLink>
    </Item>
  );
}

function ErrorItem(props: { readonly group: ErrorGroup; readonly scope: SearchTexts }) {
  const { group } = props;
  return (
    <Item
      tag={<Tag tone="error">{group.recurrence === 'new' ? 'new error' : 'error is back'}</Tag>}
      end={`${formatCount(group.count)} ×`}
    >
      <Link
        to="/errors/$fingerprint"
        params={{ fingerprint: group.fingerprint }}
        search={props.scope}
        title={group.title}
      >
        {group.title}
      </Link>
    </Item>
  );
}

function AnomalyItem(props: { readonly anomaly: Anomaly }) {
  const { anomaly } = props;
  const clock = useClock();
  return (
    <Item
      tag={<Tag tone="running">{anomaly.measure.replaceAll('_', ' ')}</Tag>}
      end={clock.moment(BigInt(anomaly.startMs) * 1_000_000n)}
    >
      <RunsLink search={anomaly.runs} title={anomaly.reason}>
        <bdi>{anomaly.subject}</bdi>: {anomaly.reason}
      </RunsLink>
    </Item>
  );
}
