// SPDX-License-Identifier: Apache-2.0

import { Link, useParams } from '@tanstack/react-router';
import { useErrorGroups } from '../../api/errorGroups';
import type { ErrorGroups } from '../../api/errorGroups';
import { useSampleFailure } from '../../api/useSampleFailure';
import { useSampleRuns } from '../../api/useSampleRuns';
import { formatCount, plural } from '../../base/format';
import { anyKind } from '../../model/callFilter';
import type { ErrorGroup } from '../../model/failures';
import type { PageScope } from '../../model/period';
import { AnswerOf, LinesSkeleton } from '../../parts/AnswerOf';
import { DifferenceList } from '../../parts/DifferenceList';
import { CallsLink, RunLink } from '../../parts/links';
import { RecurrenceTag } from '../../parts/RecurrenceTag';
import { ShortRuns } from '../../parts/ShortRuns';
import { SumPage } from '../../parts/SumPage';
import { usePageScope } from '../../parts/usePageScope';
import { Card, CardRow } from '../../ui/Card';
import { CodeView } from '../../ui/CodeView';
import { FactRow } from '../../ui/Facts';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import styles from './Errors.module.css';
import { texts } from './texts';
import { WhereItHappens } from './WhereItHappens';

const usualTime = '7d';
const noOtherKeys: readonly string[] = [];
const shownRuns = 10;

/** One problem: a sample of it, where and when it happens, and the runs that failed of it. */
export function ErrorPage() {
  const { fingerprint } = useParams({ from: '/errors/$fingerprint' });
  const scope = usePageScope(usualTime, noOtherKeys);
  const found = useErrorGroups(scope);
  const group = found.groups?.find((one) => one.fingerprint === fingerprint);
  return (
    <SumPage
      title={group === undefined ? 'Error' : group.title}
      scope={scope}
      testId="error-page"
      end={
        <Link to="/errors" search={scope.links}>
          {texts.all}
        </Link>
      }
    >
      {found.error !== undefined && (
        <ErrorNotice
          message={`Cannot load all of the error: ${found.error}`}
          onRetry={found.refetch}
        />
      )}
      {group === undefined ? (
        <NoGroup found={found} />
      ) : (
        <GroupFound group={group} found={found} scope={scope} />
      )}
    </SumPage>
  );
}

function NoGroup(props: { readonly found: ErrorGroups }) {
  const { groups, error } = props.found;
  if (groups === undefined) return error === undefined ? <LinesSkeleton lines={10} /> : undefined;
  return error === undefined ? (
    <EmptyState title={texts.gone}>{texts.goneHint}</EmptyState>
  ) : undefined;
}

function GroupFound(props: {
  readonly group: ErrorGroup;
  readonly found: ErrorGroups;
  readonly scope: PageScope;
}) {
  const { group, found, scope } = props;
  const runs = useSampleRuns(group.traceIds.slice(0, shownRuns));
  const workflows = new Set(group.workflows.map(({ id }) => id));
  const differences = found.analyses
    .filter(({ workflowId }) => workflows.has(workflowId))
    .flatMap((analysis) => analysis.differences);
  return (
    <>
      <GroupFacts group={group} />
      <Sample group={group} scope={scope} />
      <WhereItHappens group={group} runs={runs.runs} scope={scope} />
      <CardRow>
        <Card title={texts.differs}>
          {differences.length === 0 ? (
            <EmptyState title={texts.noDiffers} isCompact />
          ) : (
            <DifferenceList differences={differences} selected="failed" scope={scope.links} />
          )}
        </Card>
      </CardRow>
      <Card
        title={texts.runs}
        testId="error-runs"
        end={`${formatCount(Math.min(shownRuns, group.traceIds.length))} of ${plural(group.count, 'run')}`}
      >
        {runs.error !== undefined && (
          <ErrorNotice message={`Cannot load all of the runs: ${runs.error}`} />
        )}
        {runs.isPending && runs.runs.length === 0 ? (
          <LinesSkeleton lines={5} />
        ) : (
          <ShortRuns caption={texts.runs} runs={runs.runs} scope={scope.links} />
        )}
      </Card>
    </>
  );
}

function GroupFacts(props: { readonly group: ErrorGroup }) {
  const { group } = props;
  const clock = useClock();
  const at = (ms: number | undefined) =>
    ms === undefined ? undefined : clock.moment(BigInt(ms) * 1_000_000n);
  return (
    <FactRow
      facts={[
        { label: 'Seen', value: <RecurrenceTag recurrence={group.recurrence} /> },
        { label: 'Runs', value: formatCount(group.count) },
        { label: 'Reason', value: group.reason.replaceAll('_', ' ') },
        { label: 'First', value: at(group.firstMs) },
        { label: 'Last', value: at(group.lastMs) },
        { label: 'Last before this time', value: at(group.lastBeforeMs) },
        { label: 'Fingerprint', value: <code>{group.fingerprint}</code> },
      ]}
    />
  );
}

/** What the newest run of the group failed of. */
function Sample(props: { readonly group: ErrorGroup; readonly scope: PageScope }) {
  const { group, scope } = props;
  const [traceId] = group.traceIds;
  const query = useSampleFailure(traceId);
  return (
    <Card
      title="The newest of them"
      testId="sample"
      end={
        traceId !== undefined && (
          <RunLink
            traceId={traceId}
            search={
              query.data === undefined || query.data === 'none'
                ? scope.links
                : { ...scope.links, span: query.data.span.id }
            }
          >
            Open where it failed
          </RunLink>
        )
      }
    >
      <AnswerOf query={query} what="the sample" lines={4}>
        {(sample) =>
          sample === 'none' ? (
            <EmptyState title="No step of this run tells of an error" isCompact />
          ) : (
            <>
              <p>
                <bdi>{sample.span.name}</bdi>
                {sample.span.errorType !== undefined && (
                  <>
                    {' '}
                    failed with{' '}
                    <CallsLink
                      search={{
                        ...scope.links,
                        kind: anyKind,
                        error_type: sample.span.errorType,
                      }}
                      title={texts.callsOfError}
                    >
                      <code>{sample.span.errorType}</code>
                    </CallsLink>
                  </>
                )}
              </p>
              <div className={styles.message} dir="auto">
                {sample.span.errorMessage ?? 'without a message'}
              </div>
              {sample.stack !== undefined && <CodeView value={sample.stack} />}
            </>
          )
        }
      </AnswerOf>
    </Card>
  );
}
