// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { useErrorGroups } from '../../api/errorGroups';
import { useAnomalies, useNewestRuns } from '../../api/sumQueries';
import { formatCount, plural } from '../../base/format';
import type { Anomaly } from '../../model/anomaly';
import { groupAnomalies, groupBy, groupSigns } from '../../model/attention';
import type { ErrorGroup } from '../../model/failures';
import type { PageScope } from '../../model/period';
import type { Run } from '../../model/run';
import type { SearchTexts } from '../../model/searchTexts';
import { signLabel, summarizeSigns } from '../../model/sign';
import { LinesSkeleton } from '../../parts/AnswerOf';
import { RunLink, RunsLink } from '../../parts/links';
import { Card } from '../../ui/Card';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { Tag } from '../../ui/Tag';
import { useClock } from '../../ui/useClock';
import styles from './Overview.module.css';
import { anomalySentence, capitalized, signSentence, texts } from './texts';

const shownOfEach = 4;
const anomaliesLookedAt = 40;
const runsLookedAt = 100;
const workflowsLookedAt = 6;

/** What a person may want to look at: signs of trouble, errors that are new, hours that are unlike before. */
export function Attention(props: { readonly scope: PageScope }) {
  const { scope } = props;
  const running = useNewestRuns(scope, { status: 'running' }, runsLookedAt);
  const errors = useErrorGroups(scope, workflowsLookedAt);
  const anomalies = useAnomalies(scope, anomaliesLookedAt);
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
        {groupSigns(signs)
          .slice(0, shownOfEach)
          .map(({ key, items }) => (
            <SignItem key={key} runs={items} scope={scope.links} />
          ))}
        {fresh.slice(0, shownOfEach).map((group) => (
          <ErrorItem key={group.fingerprint} group={group} scope={scope.links} />
        ))}
        {groupAnomalies(strange)
          .slice(0, shownOfEach)
          .map(({ key, items }) => (
            <AnomalyItem key={key} anomalies={items} />
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

/** One sentence with those that it is about. */
function Several(props: { readonly sentence: string; readonly subjects: readonly ReactNode[] }) {
  const { sentence, subjects } = props;
  const more = subjects.length - shownOfEach;
  return (
    <span className={styles.several}>
      {sentence}:{' '}
      {subjects.slice(0, shownOfEach).map((subject, index) => (
        <Fragment key={index}>
          {index > 0 && ', '}
          {subject}
        </Fragment>
      ))}
      {more > 0 && ` and ${formatCount(more)} more`}
    </span>
  );
}

/** Runs in the same trouble; those of one workflow by its name. */
function SignItem(props: { readonly runs: readonly [Run, ...Run[]]; readonly scope: SearchTexts }) {
  const { runs, scope } = props;
  const clock = useClock();
  const [first] = runs;
  const newest = first.signs.at(-1);
  const end = clock.moment(newest?.raisedAtNs);
  if (runs.length === 1 || newest === undefined)
    return (
      <Item tag={<Tag tone="warn">{summarizeSigns(first.signs) ?? 'sign'}</Tag>} end={end}>
        <RunLink traceId={first.traceId} search={scope} title={newest?.message ?? ''}>
          {first.name}: {newest?.message}
        </RunLink>
      </Item>
    );
  const subjects = groupBy(runs, ({ workflowId, name }) => workflowId ?? name);
  return (
    <Item tag={<Tag tone="warn">{signLabel(newest)}</Tag>} end={plural(runs.length, 'run')}>
      <Several
        sentence={signSentence(newest)}
        subjects={subjects.map(({ key, items: [run, ...others] }) =>
          others.length === 0 || run.workflowId === undefined ? (
            <RunLink
              key={key}
              traceId={run.traceId}
              search={scope}
              title={run.signs.at(-1)?.message ?? ''}
            >
              {run.name}
            </RunLink>
          ) : (
            <RunsLink key={key} search={{ status: 'running', workflow_id: run.workflowId }}>
              <bdi>{run.workflowId}</bdi>
              {`\u00a0×\u00a0${formatCount(others.length + 1)}`}
            </RunsLink>
          ),
        )}
      />
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

/** Of one what the server says, of several in short: what was said of each is its title. */
function AnomalyItem(props: { readonly anomalies: readonly [Anomaly, ...Anomaly[]] }) {
  const { anomalies } = props;
  const [first] = anomalies;
  const clock = useClock();
  return (
    <Item
      tag={<Tag tone="running">{first.measure.replaceAll('_', ' ')}</Tag>}
      end={clock.moment(BigInt(first.startMs) * 1_000_000n)}
    >
      {anomalies.length === 1 ? (
        <RunsLink search={first.runs} title={first.reason}>
          {capitalized(first.reason)}
        </RunsLink>
      ) : (
        <Several
          sentence={anomalySentence(first)}
          subjects={anomalies.map(({ subjectKind, subject, runs, reason }) => (
            <RunsLink key={`${subjectKind} ${subject}`} search={runs} title={reason}>
              {subjectKind} <bdi>{subject}</bdi>
            </RunsLink>
          ))}
        />
      )}
    </Item>
  );
}
