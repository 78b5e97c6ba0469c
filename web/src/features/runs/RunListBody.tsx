// SPDX-License-Identifier: Apache-2.0

import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { useRunPages } from '../../api/queries';
import { plural } from '../../base/format';
import { isFiltered } from '../../model/filterFields';
import type { RunFilter } from '../../model/filterFields';
import { runSorts, sortChange } from '../../model/listSort';
import type { Run } from '../../model/run';
import type { SearchTexts } from '../../model/searchTexts';
import { FilterChips } from '../../parts/FilterChips';
import { SortCommands } from '../../parts/SortCommands';
import { useListKey } from '../../parts/useListKey';
import { usePeek } from '../../parts/usePeek';
import { Button } from '../../ui/Button';
import type { Column } from '../../ui/dataColumns';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { usePreferences } from '../../ui/preferences';
import { FirstTraceHint } from './FirstTraceHint';
import { noFilter } from './RunFilters';
import { RunPeek } from './RunPeek';
import { RunTable, RunTableSkeleton } from './RunTable';
import type { Picks } from './usePicks';

interface BodyProps {
  readonly query: ReturnType<typeof useRunPages>;
  readonly runs: readonly Run[];
  readonly total: number | undefined;
  readonly filter: RunFilter;
  readonly sort: string;
  /** All runs there are. */
  readonly stored: number | undefined;
  readonly onSearchChange: (change: SearchTexts) => void;
  readonly columns: readonly Column<Run>[];
  readonly picks: Picks;
  readonly hidden: readonly string[] | undefined;
}

function idOf(run: Run): string {
  return run.traceId;
}

const arrivedKey = ['runs have arrived'];

/**
 * Where nothing had arrived, the way to begin stays until the reader goes on to what has. It does not come
 * back after that, whatever an answer from before says.
 */
function useGuide(isEmpty: boolean, hasRuns: boolean) {
  const client = useQueryClient();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (hasRuns) client.setQueryData(arrivedKey, true);
  }, [client, hasRuns]);
  if (isEmpty && !isShown && client.getQueryData(arrivedKey) === undefined) setShown(true);
  return { isShown, leave: () => setShown(false) };
}

/** The list in whichever of its five states it is. */
export function RunListBody(props: BodyProps) {
  const { query, runs, filter, sort, onSearchChange } = props;
  const listKey = useListKey(JSON.stringify([filter, sort]), query.isPlaceholderData);
  const { hasNextPage, isFetching, fetchNextPage, refetch } = query;
  // While the list is read anew a next page would be dropped: the table asks again once it has been.
  const onNearEnd = useCallback(() => {
    if (!isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [isFetching, fetchNextPage]);
  // Of another filter nothing says that nothing has arrived.
  const isAnswered = query.isSuccess && !query.isPlaceholderData;
  const hasNothing = isAnswered && runs.length === 0 && !isFiltered(filter);
  const guide = useGuide(hasNothing, runs.length > 0);
  const { density } = usePreferences();
  const peek = usePeek(runs, { key: 'run', noun: 'run', idOf, listKey });
  const onSort = useCallback(
    (wanted: string) => onSearchChange(sortChange(wanted)),
    [onSearchChange],
  );
  const retry = (): void => void refetch();
  if (query.isPending) return <RunTableSkeleton columns={props.columns} hidden={props.hidden} />;
  const error = query.isError ? (
    <ErrorNotice message={`Cannot load runs: ${query.error.message}`} onRetry={retry} />
  ) : undefined;
  if (runs.length === 0) {
    if (error !== undefined) return error;
    if (isFiltered(filter)) return <NothingMatches {...props} />;
  }
  if (guide.isShown && !isFiltered(filter))
    return <FirstTraceHint first={runs.at(-1)} onShowList={guide.leave} />;
  return (
    <>
      {error}
      <SortCommands nouns="runs" sorts={runSorts} onSort={onSort} />
      <RunTable
        key={density}
        sort={sort}
        onSort={onSort}
        listKey={listKey}
        runs={peek.rows}
        columns={props.columns}
        hidden={props.hidden}
        onPick={props.picks.toggle}
        onPeek={peek.open}
        peekedId={peek.id}
        total={props.total}
        hasMore={hasNextPage && !query.isFetchNextPageError}
        onNearEnd={onNearEnd}
        footer={hasNextPage ? 'Loading more runs…' : undefined}
      />
      {peek.id !== undefined && <RunPeek id={peek.id} peek={peek} picks={props.picks} />}
    </>
  );
}

function NothingMatches(props: BodyProps) {
  const { filter, stored, onSearchChange } = props;
  const all = stored === undefined || stored === 0 ? 'the runs' : plural(stored, 'run');
  return (
    <EmptyState title="No run matches these filters">
      <p>None of {all} matches all of:</p>
      <FilterChips filter={filter} onChange={onSearchChange} />
      <p>New runs that match will appear here.</p>
      <Button onClick={() => onSearchChange(noFilter)}>Clear filters</Button>
    </EmptyState>
  );
}
