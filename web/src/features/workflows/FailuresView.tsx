// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useFailures } from '../../api/sumQueries';
import { formatCount, plural } from '../../base/format';
import type { FailureAnalysis, Shares } from '../../model/failures';
import type { PageScope } from '../../model/period';
import { AnswerOf } from '../../parts/AnswerOf';
import { DifferenceList } from '../../parts/DifferenceList';
import { RunsLink } from '../../parts/links';
import { SuspicionList } from '../../parts/SuspicionList';
import { Bars } from '../../ui/Bars';
import type { Bar } from '../../ui/Bars';
import { Card, CardRow } from '../../ui/Card';
import { EmptyState } from '../../ui/Notice';
import { texts } from './texts';
import styles from './Workflows.module.css';

const shownGroups = 10;

/** Why runs of the workflow fail: by group, by step, what differs, who may be to blame. */
export function FailuresView(props: { readonly scope: PageScope; readonly name: string }) {
  const query = useFailures(props.scope, props.name);
  return (
    <AnswerOf query={query} what="failures" lines={8}>
      {(failures) =>
        failures.totalFailures === 0 && Object.keys(failures.byStep).length === 0 ? (
          <EmptyState title={texts.noFailures} />
        ) : (
          <FailuresFound failures={failures} {...props} />
        )
      }
    </AnswerOf>
  );
}

function shareBars(shares: Shares): readonly Bar[] {
  return Object.entries(shares)
    .sort(([, left], [, right]) => right - left)
    .slice(0, 8)
    .map(([name, count]) => ({
      id: name,
      label: name,
      value: count,
      text: formatCount(count),
      colour: 'var(--error)',
    }));
}

function ShareCard(props: { readonly title: string; readonly shares: Shares }) {
  const { title, shares } = props;
  if (Object.keys(shares).length === 0) return undefined;
  return (
    <Card title={title}>
      <Bars label={title} bars={shareBars(shares)} />
    </Card>
  );
}

function FailuresFound(props: {
  readonly failures: FailureAnalysis;
  readonly scope: PageScope;
  readonly name: string;
}) {
  const { failures, scope, name } = props;
  const runs = { ...scope.links, workflow_id: name, status: 'failed' };
  return (
    <div className={styles.panel}>
      <Card
        title={texts.failures}
        testId="failure-groups"
        end={<RunsLink search={runs}>{plural(failures.totalFailures, 'failed run')}</RunsLink>}
      >
        {failures.analyzed < failures.totalFailures && (
          <p className={styles.hint}>
            Grouped are the newest {formatCount(failures.analyzed)} of them.
          </p>
        )}
        <Bars
          label={texts.failures}
          bars={failures.groups.slice(0, shownGroups).map((group) => ({
            id: group.fingerprint,
            label: (
              <Link
                to="/errors/$fingerprint"
                params={{ fingerprint: group.fingerprint }}
                search={scope.links}
                title={group.title}
              >
                {group.title}
              </Link>
            ),
            value: group.count,
            text: formatCount(group.count),
            colour: 'var(--error)',
          }))}
        />
      </Card>
      <CardRow>
        <ShareCard title="Failed steps" shares={failures.byStep} />
        <ShareCard title="Agents of failed steps" shares={failures.byAgent} />
      </CardRow>
      <CardRow>
        {failures.differences.length > 0 && (
          <Card title={texts.differs} end={`among ${plural(failures.searchedRuns, 'run')}`}>
            <DifferenceList
              differences={failures.differences}
              selected="failed"
              scope={scope.links}
            />
          </Card>
        )}
        {failures.attributions.length > 0 && (
          <Card title={texts.blame}>
            <p className={styles.hint}>{texts.blameHint}</p>
            <SuspicionList attributions={failures.attributions} scope={scope.links} />
          </Card>
        )}
      </CardRow>
    </div>
  );
}
