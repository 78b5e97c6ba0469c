// SPDX-License-Identifier: Apache-2.0

import { useCallback, useMemo } from 'react';
import { useCallPages, useModelNames } from '../../api/callQueries';
import { formatCount, plural } from '../../base/format';
import { joinCallPages, callId } from '../../model/call';
import type { Call } from '../../model/call';
import { callsAsCsv, callsAsJson } from '../../model/callExport';
import { callFilterParts, noCallFilter, parseCallAddress } from '../../model/callFilter';
import type { CallFilter } from '../../model/callFilter';
import { sortChange } from '../../model/listSort';
import { AddressProblems } from '../../parts/AddressProblems';
import { ExportMenu } from '../../parts/ExportMenu';
import { Chips } from '../../parts/FilterChips';
import { GrainSwitch } from '../../parts/GrainSwitch';
import { useAddress } from '../../parts/useAddress';
import { useListKey } from '../../parts/useListKey';
import { usePeek } from '../../parts/usePeek';
import { Button } from '../../ui/Button';
import { ColumnsMenu } from '../../ui/ColumnsMenu';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { usePageTitle } from '../../ui/usePageTitle';
import { CallFilters } from './CallFilters';
import styles from './CallListPage.module.css';
import { CallPeek } from './CallPeek';
import { callTableId, CallTable, CallTableSkeleton, useCallColumns } from './CallTable';
import { texts, titleOf } from './texts';

/** What the address holds beside filters: the call that is shown beside the list. */
const ownKeys = ['call'];

function namesOf(calls: readonly Call[], nameOf: (call: Call) => string | undefined) {
  return [...new Set(calls.flatMap((call) => nameOf(call) ?? []))].sort();
}

/** Names of the calls that were seen, offered while one types. */
function knownNames(calls: readonly Call[]) {
  return {
    agent: namesOf(calls, (call) => call.agent),
    workflow_id: namesOf(calls, (call) => call.workflowId),
    session_id: namesOf(calls, (call) => call.sessionId),
    user_id: namesOf(calls, (call) => call.userId),
    service: namesOf(calls, (call) => call.service),
    model: namesOf(calls, (call) => call.model),
    step_name: namesOf(calls, (call) => call.name),
  };
}

/** The filter with the model as steps have it; undefined while that is not known, or several have it. */
function useExactFilter(asked: CallFilter) {
  const { model } = asked.filter;
  const names = useModelNames(model);
  const found = names.data;
  const exact = useMemo(() => {
    if (model === undefined) return asked;
    // Without any, the list is empty, as it should be.
    if (found === undefined || found.length > 1) return undefined;
    return { ...asked, filter: { ...asked.filter, model: found[0] ?? model } };
  }, [asked, model, found]);
  return { exact, names };
}

/** Calls of models and tools across all runs, in the order of one's choice. */
export function CallListPage() {
  const { search, change, hold } = useAddress();
  const { asked, problems } = useMemo(() => parseCallAddress(search, ownKeys), [search]);
  const isUnderstood = problems.length === 0;
  const { exact, names } = useExactFilter(asked);
  const query = useCallPages(exact ?? asked, isUnderstood && exact !== undefined, hold.isHeld);
  const pages = query.data?.pages;
  const calls = useMemo(() => joinCallPages(pages ?? []), [pages]);
  const known = useMemo(() => knownNames(calls), [calls]);
  const columns = useCallColumns();
  const parts = callFilterParts(asked).map(({ text }) => text);
  usePageTitle(titleOf(asked.kind, parts));
  const isShown = isUnderstood && query.isSuccess && exact !== undefined;
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden" tabIndex={-1}>
        {texts.title}
      </h1>
      <CallFilters
        asked={asked}
        onChange={change}
        known={known}
        end={
          <>
            {isShown && (
              <span className={styles.count} data-testid="loaded">
                {query.hasNextPage
                  ? `first ${formatCount(calls.length)}`
                  : plural(calls.length, 'call')}
              </span>
            )}
            <GrainSwitch here="calls" />
            <ExportMenu
              name="calls"
              what={plural(calls.length, 'call')}
              csv={() => callsAsCsv(calls)}
              json={() => callsAsJson(calls)}
            />
            <ColumnsMenu tableId={callTableId} columns={columns} />
          </>
        }
      />
      <div className={styles.list}>
        {!isUnderstood && <AddressProblems problems={problems} onChange={change} />}
        {isUnderstood && exact === undefined && <WhichModel asked={asked} names={names} />}
        {isUnderstood && exact !== undefined && (
          <CallList asked={asked} calls={calls} query={query} />
        )}
      </div>
    </div>
  );
}

/** Several providers have a model of this name, and a list of calls is of one. */
function WhichModel(props: {
  readonly asked: CallFilter;
  readonly names: ReturnType<typeof useModelNames>;
}) {
  const { asked, names } = props;
  const { change } = useAddress();
  if (names.isError)
    return (
      <ErrorNotice
        message={`Cannot look the model up: ${names.error.message}`}
        onRetry={() => void names.refetch()}
      />
    );
  if (names.data === undefined) return <CallTableSkeleton />;
  return (
    <EmptyState title={`Whose ${asked.filter.model ?? 'model'}?`}>
      <p>Several providers have it:</p>
      <div className={styles.models}>
        {names.data.map((name) => (
          <Button key={name} onClick={() => change({ model: name })}>
            {name}
          </Button>
        ))}
      </div>
    </EmptyState>
  );
}

/** The list in whichever of its states it is. */
function CallList(props: {
  readonly asked: CallFilter;
  readonly calls: readonly Call[];
  readonly query: ReturnType<typeof useCallPages>;
}) {
  const { asked, calls, query } = props;
  const { change } = useAddress();
  const listKey = useListKey(JSON.stringify(asked), query.isPlaceholderData);
  const peek = usePeek(calls, { key: 'call', noun: 'call', idOf: callId, listKey });
  const { hasNextPage, isFetching, fetchNextPage, refetch } = query;
  // While the list is read anew a next page would be dropped: the table asks again once it has been.
  const onNearEnd = useCallback(() => {
    if (!isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [isFetching, fetchNextPage]);
  const onSort = useCallback((sort: string) => change(sortChange(sort)), [change]);
  if (query.isPending) return <CallTableSkeleton />;
  const error = query.isError ? (
    <ErrorNotice
      message={`Cannot load calls: ${query.error.message}`}
      onRetry={() => void refetch()}
    />
  ) : undefined;
  if (calls.length === 0) return error ?? <NothingMatches asked={asked} />;
  return (
    <>
      {error}
      <CallTable
        calls={peek.rows}
        listKey={listKey}
        sort={asked.sort}
        onSort={onSort}
        onPeek={peek.open}
        peekedId={peek.id}
        hasMore={hasNextPage && !query.isFetchNextPageError}
        onNearEnd={onNearEnd}
        footer={hasNextPage ? texts.loadingMore : undefined}
      />
      {peek.id !== undefined && <CallPeek id={peek.id} peek={peek} />}
    </>
  );
}

function NothingMatches(props: { readonly asked: CallFilter }) {
  const { asked } = props;
  const { change } = useAddress();
  const chips = callFilterParts(asked);
  const otherKinds =
    asked.kind === undefined ? undefined : (
      <Button onClick={() => change({ kind: 'all' })}>Show all kinds of steps</Button>
    );
  if (chips.length === 0)
    return (
      <EmptyState title={texts.none}>
        <p>{texts.noneHint}</p>
        {otherKinds}
      </EmptyState>
    );
  return (
    <EmptyState title={texts.nothing}>
      <Chips chips={chips} onChange={change} />
      <p>Calls that match will appear here once they have ended.</p>
      <Button onClick={() => change(noCallFilter)}>Clear filters</Button> {otherKinds}
    </EmptyState>
  );
}
