// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useTurn } from '../../api/groupQueries';
import { formatCompact, formatCount, formatDuration } from '../../base/format';
import type { Run } from '../../model/run';
import { CostText } from '../../parts/CostText';
import { DemoTag } from '../../parts/DemoTag';
import { GroupLink } from '../../parts/GroupLink';
import { PeekDrawer } from '../../parts/PeekDrawer';
import { SignTag } from '../../parts/SignTag';
import { StatusMark } from '../../parts/StatusMark';
import { useAddress } from '../../parts/useAddress';
import type { Peek } from '../../parts/usePeek';
import { Button } from '../../ui/Button';
import { FactList } from '../../ui/Facts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import styles from './RunPeek.module.css';
import { texts } from './texts';
import type { Picks } from './usePicks';

/** One run of the list, beside it: what was asked, what came of it, and what it took. */
export function RunPeek(props: {
  readonly id: string;
  readonly peek: Peek<Run>;
  readonly picks: Picks;
}) {
  const { id, peek, picks } = props;
  const isPicked = picks.ids.includes(id);
  const { scope } = useAddress();
  const at = peek.rows.findIndex((run) => run.traceId === id);
  const run = peek.rows[at];
  return (
    <PeekDrawer
      title={run?.name ?? 'Run'}
      noun="run"
      at={at}
      peek={peek}
      actions={
        <>
          <Button
            fit="small"
            aria-pressed={isPicked}
            title={isPicked ? texts.picked : texts.pick}
            onClick={() => picks.toggle(id)}
          >
            {texts.compare}
          </Button>
          <Link to="/runs/$traceId" params={{ traceId: id }} search={scope}>
            Open
          </Link>
        </>
      }
    >
      {run === undefined ? (
        <EmptyState title="This run is not in the list" isCompact>
          The filters leave it out, or it is further down.
        </EmptyState>
      ) : (
        <PeekBody run={run} />
      )}
    </PeekDrawer>
  );
}

function PeekBody(props: { readonly run: Run }) {
  const { run } = props;
  const clock = useClock();
  const { sessionId, userId } = run;
  return (
    <>
      <div className={styles.marks}>
        <StatusMark status={run.status} />
        <SignTag signs={run.signs} />
        {run.isDemo && <DemoTag />}
      </div>
      <PeekTurn run={run} />
      <FactList
        facts={[
          { label: 'Started', value: clock.moment(run.startNs), title: clock.exact(run.startNs) },
          { label: 'Duration', value: formatDuration(run.durationSeconds) },
          { label: 'Cost', value: <CostText cost={run.cost} /> },
          {
            label: 'Tokens',
            value: formatCompact(run.totalTokens),
            title: formatCount(run.totalTokens),
          },
          { label: 'Spans', value: formatCount(run.spanCount) },
          { label: 'Errors', value: formatCount(run.errorCount) },
          { label: 'Workflow', value: run.workflowId && <bdi>{run.workflowId}</bdi> },
          { label: 'Agent', value: run.agent && <bdi>{run.agent}</bdi> },
          { label: 'Models', value: run.models.length > 0 ? run.models.join(', ') : undefined },
          { label: 'Session', value: sessionId && <GroupLink kind="session" id={sessionId} /> },
          { label: 'User', value: userId && <GroupLink kind="user" id={userId} /> },
          { label: 'Service', value: run.service && <bdi>{run.service}</bdi> },
        ]}
      />
    </>
  );
}

function PeekTurn(props: { readonly run: Run }) {
  const query = useTurn(props.run, true);
  if (query.isError)
    return (
      <ErrorNotice
        message={`Cannot load what was said: ${query.error.message}`}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.data === undefined)
    return (
      <p className={styles.said} aria-busy="true">
        <Skeleton width="80%" />
      </p>
    );
  const { question, answer, error } = query.data;
  return (
    <div className={styles.said}>
      {question !== undefined && (
        <section aria-label="Asked">
          <h3>Asked</h3>
          <p dir="auto">{question}</p>
        </section>
      )}
      {answer !== undefined && (
        <section aria-label="Answer">
          <h3>Answer</h3>
          <p dir="auto">{answer}</p>
        </section>
      )}
      {error !== undefined && (
        <section aria-label="Error">
          <h3>Error</h3>
          <p dir="auto" className={styles.failed}>
            {error}
          </p>
        </section>
      )}
    </div>
  );
}
