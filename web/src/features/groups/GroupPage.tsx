// SPDX-License-Identifier: Apache-2.0

import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useGroup } from '../../api/groupQueries';
import { ApiError } from '../../api/httpClient';
import type { RunFilter } from '../../model/filterFields';
import { filterTexts, parsePageAddress } from '../../model/pageAddress';
import type { GroupKind, RunGroupDetail } from '../../model/runGroup';
import { AddressProblems } from '../../parts/AddressProblems';
import { PeriodNote } from '../../parts/PeriodNote';
import { useAddress } from '../../parts/useAddress';
import { CopyButton } from '../../ui/CopyButton';
import { Flow, FlowNote, FlowSection } from '../../ui/Flow';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/Notice';
import { usePageTitle } from '../../ui/usePageTitle';
import { GroupTiles } from './GroupTiles';
import { groupWords } from './groupWords';
import { RunStrip } from './RunStrip';
import { Turns } from './Turns';

export function SessionPage() {
  const { sessionId } = useParams({ from: '/sessions/$sessionId' });
  return <GroupPage kind="session" id={sessionId} />;
}

export function UserPage() {
  const { userId } = useParams({ from: '/users/$userId' });
  return <GroupPage kind="user" id={userId} />;
}

/** One session or user: totals, when its runs were, and what was said in them. */
function GroupPage(props: { readonly kind: GroupKind; readonly id: string }) {
  const { kind, id } = props;
  const words = groupWords[kind];
  const { search, change } = useAddress();
  const { filter, problems } = useMemo(() => parsePageAddress(search, []), [search]);
  usePageTitle(`${kind === 'session' ? 'Session' : 'User'} ${id}`);
  return (
    <Flow
      testId={words.one}
      title={
        <>
          <span className="visually-hidden">{kind === 'session' ? 'Session' : 'User'} </span>
          <bdi>{id}</bdi>
        </>
      }
      head={
        <>
          <CopyButton text={id} label={`Copy the id of this ${words.one}`} />
          <BackLink kind={kind} />
        </>
      }
    >
      {problems.length > 0 ? (
        <AddressProblems problems={problems} onChange={change} />
      ) : (
        <GroupBody kind={kind} id={id} filter={filter} />
      )}
    </Flow>
  );
}

function BackLink(props: { readonly kind: GroupKind }) {
  const { scope } = useAddress();
  return props.kind === 'session' ? (
    <Link to="/sessions" search={scope}>
      All sessions
    </Link>
  ) : (
    <Link to="/users" search={scope}>
      All users
    </Link>
  );
}

function GroupBody(props: {
  readonly kind: GroupKind;
  readonly id: string;
  readonly filter: RunFilter;
}) {
  const { kind, id, filter } = props;
  const words = groupWords[kind];
  const { hold } = useAddress();
  const query = useGroup(kind, id, filter, hold.isHeld);
  const { error, data } = query;
  if (error instanceof ApiError && error.status === 404)
    return (
      <EmptyState title={`No run of this ${words.one} in this time`}>
        <p>
          No run that began in the time range belongs to <bdi>{id}</bdi>.
        </p>
        <BackLink kind={kind} />
      </EmptyState>
    );
  return (
    <>
      {error !== null && (
        <ErrorNotice
          message={`Cannot load this ${words.one}: ${error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      {(data !== undefined || error === null) && (
        <GroupTiles kind={kind} detail={data} search={filterTexts(filter)} />
      )}
      {data === undefined && error === null && <Skeleton width="60%" />}
      {data !== undefined && <GroupRuns kind={kind} detail={data} isHeld={hold.isHeld} />}
    </>
  );
}

function GroupRuns(props: {
  readonly kind: GroupKind;
  readonly detail: RunGroupDetail;
  readonly isHeld: boolean;
}) {
  const { kind, detail, isHeld } = props;
  const { group, runs, hasMoreRuns, period } = detail;
  return (
    <>
      <FlowSection title="Runs over time" head={<PeriodNote period={period} isHeld={isHeld} />}>
        <RunStrip runs={runs} />
        {hasMoreRuns && (
          <FlowNote>
            The newest {runs.length} of {group.runs} runs.
          </FlowNote>
        )}
      </FlowSection>
      <Turns kind={kind} runs={runs} />
    </>
  );
}
