// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useTurn } from '../../api/groupQueries';
import { formatCompact, formatDuration } from '../../base/format';
import type { GroupKind } from '../../model/runGroup';
import type { Turn } from '../../model/runGroup';
import type { Run } from '../../model/run';
import { CostText } from '../../parts/CostText';
import { GroupLink } from '../../parts/GroupLink';
import { StatusMark } from '../../parts/StatusMark';
import { useAddress } from '../../parts/useAddress';
import { FlowSection } from '../../ui/Flow';
import { Skeleton } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import { useIsSeen } from '../../ui/useIsSeen';
import styles from './GroupPage.module.css';

interface TurnGroup {
  readonly sessionId: string | undefined;
  readonly runs: readonly Run[];
}

/** The sessions of a user, the newest first, each with its turns in the order they were had. */
function bySession(runs: readonly Run[]): readonly TurnGroup[] {
  const groups = new Map<string | undefined, Run[]>();
  for (const run of runs) groups.set(run.sessionId, [...(groups.get(run.sessionId) ?? []), run]);
  return [...groups].map(([sessionId, ofSession]) => ({
    sessionId,
    runs: ofSession.toReversed(),
  }));
}

/** What was asked and answered, run by run. */
export function Turns(props: { readonly kind: GroupKind; readonly runs: readonly Run[] }) {
  const { kind, runs } = props;
  if (kind === 'session')
    return (
      <FlowSection title="Turns" testId="turns">
        <TurnList runs={runs.toReversed()} />
      </FlowSection>
    );
  return bySession(runs).map(({ sessionId, runs: ofSession }) => (
    <FlowSection
      key={sessionId ?? ''}
      testId="turns"
      title={
        sessionId === undefined ? (
          'Runs without a session'
        ) : (
          <>
            Session <GroupLink kind="session" id={sessionId} />
          </>
        )
      }
    >
      <TurnList runs={ofSession} />
    </FlowSection>
  ));
}

function TurnList(props: { readonly runs: readonly Run[] }) {
  return (
    <ol className={styles.turns}>
      {props.runs.map((run) => (
        <TurnItem key={run.traceId} run={run} />
      ))}
    </ol>
  );
}

function TurnItem(props: { readonly run: Run }) {
  const { run } = props;
  const { box, isSeen } = useIsSeen<HTMLLIElement>();
  const query = useTurn(run, isSeen);
  const clock = useClock();
  const { scope } = useAddress();
  return (
    <li ref={box} className={styles.turn} data-turn={run.traceId}>
      <div className={styles.facts}>
        <StatusMark status={run.status} />
        <Link to="/runs/$traceId" params={{ traceId: run.traceId }} search={scope} dir="auto">
          {run.name}
        </Link>
        <span title={clock.exact(run.startNs)}>{clock.moment(run.startNs)}</span>
        <span>{formatDuration(run.durationSeconds)}</span>
        {run.totalTokens !== undefined && <span>{formatCompact(run.totalTokens)} tokens</span>}
        <CostText cost={run.cost} />
      </div>
      {query.isError ? (
        <p className={styles.nothing}>Cannot load what was said: {query.error.message}</p>
      ) : (
        <Said turn={query.data} />
      )}
    </li>
  );
}

function Said(props: { readonly turn: Turn | undefined }) {
  const { turn } = props;
  if (turn === undefined)
    return (
      <dl className={styles.said} aria-busy="true">
        <dt>Asked</dt>
        <dd>
          <Skeleton width="70%" />
        </dd>
        <dt>Answer</dt>
        <dd>
          <Skeleton width="80%" />
        </dd>
      </dl>
    );
  const { question, answer, error } = turn;
  if (question === undefined && answer === undefined && error === undefined)
    return <p className={styles.nothing}>This run tells neither a question nor an answer.</p>;
  return (
    <dl className={styles.said}>
      {question !== undefined && (
        <>
          <dt>Asked</dt>
          <dd dir="auto">{question}</dd>
        </>
      )}
      {answer !== undefined && (
        <>
          <dt>Answer</dt>
          <dd dir="auto">{answer}</dd>
        </>
      )}
      {error !== undefined && (
        <>
          <dt>Failed</dt>
          <dd dir="auto" className={styles.failed}>
            {error}
          </dd>
        </>
      )}
    </dl>
  );
}
