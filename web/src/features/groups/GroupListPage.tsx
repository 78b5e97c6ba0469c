// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useGroupPages } from '../../api/groupQueries';
import { plural } from '../../base/format';
import { describePart, filterParts, isFiltered } from '../../model/filterFields';
import type { RunFilter } from '../../model/filterFields';
import { filterTexts, parsePageAddress } from '../../model/pageAddress';
import type { GroupKind, RunGroup } from '../../model/runGroup';
import { AddressProblems } from '../../parts/AddressProblems';
import { FilterChips } from '../../parts/FilterChips';
import { GrainSwitch } from '../../parts/GrainSwitch';
import { PeriodNote } from '../../parts/PeriodNote';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { ColumnsMenu } from '../../ui/ColumnsMenu';
import { DataTable } from '../../ui/DataTable';
import type { RowLinkProps } from '../../ui/DataTable';
import { DataTableSkeleton } from '../../ui/DataTableSkeleton';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import { usePageTitle } from '../../ui/usePageTitle';
import { makeGroupColumns } from './groupColumns';
import styles from './GroupListPage.module.css';
import { groupFilterKeys, groupWords } from './groupWords';

export function SessionListPage() {
  return <GroupListPage kind="session" />;
}

export function UserListPage() {
  return <GroupListPage kind="user" />;
}

/** All sessions or users that had runs in a time, with what their runs add up to. */
function GroupListPage(props: { readonly kind: GroupKind }) {
  const { kind } = props;
  const words = groupWords[kind];
  const { search, change } = useAddress();
  const { filter, problems } = useMemo(() => parsePageAddress(search, groupFilterKeys), [search]);
  const parts = filterParts(filter).map(describePart);
  usePageTitle(parts.length === 0 ? words.title : `${words.title}: ${parts.join(', ')}`);
  return (
    <div className={styles.page}>
      {problems.length > 0 ? (
        <>
          <Head kind={kind}>{undefined}</Head>
          <AddressProblems problems={problems} onChange={change} />
        </>
      ) : (
        <GroupList kind={kind} filter={filter} />
      )}
    </div>
  );
}

function Head(props: { readonly kind: GroupKind; readonly children: ReactNode }) {
  return (
    <div className={styles.head}>
      <h1 tabIndex={-1}>{groupWords[props.kind].title}</h1>
      {props.children}
    </div>
  );
}

function GroupList(props: { readonly kind: GroupKind; readonly filter: RunFilter }) {
  const { kind, filter } = props;
  const words = groupWords[kind];
  const { hold, change } = useAddress();
  const query = useGroupPages(kind, filter, hold.isHeld);
  const clock = useClock();
  const columns = useMemo(
    () => makeGroupColumns(kind, filterTexts(filter), clock),
    [kind, filter, clock],
  );
  const pages = query.data?.pages;
  const groups = useMemo(() => pages?.flatMap((page) => page.groups) ?? [], [pages]);
  const total = pages?.[0]?.total;
  const tableId = words.many;
  return (
    <>
      <Head kind={kind}>
        {isFiltered(filter) && <FilterChips filter={filter} onChange={change} />}
        <span className={styles.end}>
          <PeriodNote period={pages?.[0]?.period} isHeld={hold.isHeld} />
          {total !== undefined && (
            <span data-testid="total">
              {pages?.[0]?.isTotalExact === false && '≥ '}
              {plural(total, words.one)}
            </span>
          )}
          {kind === 'session' && <GrainSwitch here="sessions" />}
          <ColumnsMenu tableId={tableId} columns={columns} />
        </span>
      </Head>
      {query.isError && (
        <ErrorNotice
          message={`Cannot load ${words.many}: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isPending && <DataTableSkeleton id={tableId} columns={columns} />}
      {query.isSuccess && groups.length === 0 && <Nothing kind={kind} filter={filter} />}
      {groups.length > 0 && (
        <GroupTable kind={kind} groups={groups} columns={columns} total={total} query={query} />
      )}
    </>
  );
}

function GroupTable(props: {
  readonly kind: GroupKind;
  readonly groups: readonly RunGroup[];
  readonly columns: ReturnType<typeof makeGroupColumns>;
  readonly total: number | undefined;
  readonly query: ReturnType<typeof useGroupPages>;
}) {
  const { kind, groups, columns, total } = props;
  const words = groupWords[kind];
  const { scope } = useAddress();
  const { hasNextPage, isFetching, fetchNextPage, isFetchNextPageError } = props.query;
  const onNearEnd = useCallback(() => {
    if (!isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [isFetching, fetchNextPage]);
  const link = useCallback(
    (group: RunGroup, rowLink: RowLinkProps): ReactNode =>
      kind === 'session' ? (
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: group.id }}
          search={scope}
          dir="auto"
          {...rowLink}
        >
          {group.id}
        </Link>
      ) : (
        <Link
          to="/users/$userId"
          params={{ userId: group.id }}
          search={scope}
          dir="auto"
          {...rowLink}
        >
          {group.id}
        </Link>
      ),
    [kind, scope],
  );
  return (
    <DataTable
      id={words.many}
      testId={words.many}
      caption={`${words.title}, the one with the newest run first`}
      columns={columns}
      rows={groups}
      idOf={idOf}
      link={link}
      total={total}
      hasMore={hasNextPage && !isFetchNextPageError}
      onNearEnd={onNearEnd}
      footer={hasNextPage ? `Loading older ${words.many}…` : undefined}
    />
  );
}

function idOf(group: RunGroup): string {
  return group.id;
}

function Nothing(props: { readonly kind: GroupKind; readonly filter: RunFilter }) {
  const { kind, filter } = props;
  const { change } = useAddress();
  const words = groupWords[kind];
  if (!isFiltered(filter))
    return (
      <EmptyState title={`No run has told its ${words.one} yet`}>
        <p>
          Runs that carry {kind === 'session' ? 'a conversation or session id' : 'a user id'} are
          gathered here, by <code>{kind === 'session' ? 'gen_ai.conversation.id' : 'user.id'}</code>{' '}
          or what your framework calls it.
        </p>
        <Link to="/runs">Go to the runs</Link>
      </EmptyState>
    );
  return (
    <EmptyState title={`No ${words.one} matches these filters`}>
      <FilterChips filter={filter} onChange={change} />
      <Button
        onClick={() =>
          change(Object.fromEntries(filterParts(filter).map(({ key }) => [key, undefined])))
        }
      >
        Clear filters
      </Button>
    </EmptyState>
  );
}
