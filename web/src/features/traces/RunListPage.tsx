// SPDX-License-Identifier: Apache-2.0

import { useCallback, useMemo, useState } from 'react';
import type { useRunPages } from '../../api/queries';
import { useLiveRuns } from '../../api/useLiveRuns';
import { plural } from '../../base/format';
import { describePart, filterParts, isFiltered, parseFilter } from '../../model/filterFields';
import type { RunFilter } from '../../model/filterFields';
import { joinRunPages } from '../../model/run';
import type { Run, RunPage } from '../../model/run';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { ColumnsMenu } from '../../ui/ColumnsMenu';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { usePageTitle } from '../../ui/usePageTitle';
import { AddressProblems } from '../../parts/AddressProblems';
import { FilterChips } from '../../parts/FilterChips';
import { FirstTraceHint } from './FirstTraceHint';
import { LiveIndicator } from '../../parts/LiveIndicator';
import { OverviewStrip } from './OverviewStrip';
import { noFilter, RunFilters } from './RunFilters';
import filterStyles from './RunFilters.module.css';
import styles from './RunListPage.module.css';
import { runTableId, RunTable, RunTableSkeleton, useRunColumns } from './RunTable';
import type { SearchTexts } from '../../model/searchTexts';

function agentsOf(runs: readonly Run[]): readonly string[] {
  return [...new Set(runs.flatMap((run) => (run.agent === undefined ? [] : [run.agent])))].sort();
}

function titleOf(filter: RunFilter): string {
  const parts = filterParts(filter).map(describePart);
  return parts.length === 0 ? 'Runs' : `Runs: ${parts.join(', ')}`;
}

/** How many match; where the server has not counted them all, that it is at least so many. */
function countText(page: RunPage | undefined): string | undefined {
  if (page?.total === undefined) return undefined;
  return `${page.isTotalExact ? '' : '≥ '}${plural(page.total, 'run')}`;
}

export function RunListPage() {
  const { search, change: onSearchChange, hold } = useAddress();
  const { filter, problems } = useMemo(() => parseFilter(search), [search]);
  const isUnderstood = problems.length === 0;
  const { runs: query, overview, feed } = useLiveRuns(filter, isUnderstood, hold);
  const pages = query.data?.pages;
  const runs = useMemo(() => joinRunPages(pages ?? []), [pages]);
  const agents = useMemo(() => agentsOf(runs), [runs]);
  const columns = useRunColumns();
  const count = countText(pages?.[0]);
  usePageTitle(titleOf(filter));
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden" tabIndex={-1}>
        Runs
      </h1>
      <OverviewStrip query={overview} />
      <RunFilters
        filter={filter}
        onChange={onSearchChange}
        agents={agents}
        end={
          <>
            {isUnderstood && count !== undefined && (
              <span className={filterStyles.count} data-testid="total">
                {count}
              </span>
            )}
            <ColumnsMenu tableId={runTableId} columns={columns} />
            <LiveIndicator feed={feed} />
          </>
        }
      />
      {isUnderstood ? (
        <RunListBody
          query={query}
          runs={runs}
          total={pages?.[0]?.total}
          filter={filter}
          stored={overview.data?.totalRuns}
          onSearchChange={onSearchChange}
        />
      ) : (
        <AddressProblems problems={problems} onChange={onSearchChange} />
      )}
    </div>
  );
}

interface BodyProps {
  readonly query: ReturnType<typeof useRunPages>;
  readonly runs: readonly Run[];
  readonly total: number | undefined;
  readonly filter: RunFilter;
  /** All runs there are. */
  readonly stored: number | undefined;
  readonly onSearchChange: (change: SearchTexts) => void;
}

/** Changes when the rows of another filter have come, and not while those of the last one stand in for them. */
function useListKey(filter: string, isStandIn: boolean): string {
  const [key, setKey] = useState(filter);
  if (!isStandIn && key !== filter) setKey(filter);
  return key;
}

/** The list in whichever of its five states it is. */
function RunListBody(props: BodyProps) {
  const { query, runs, filter } = props;
  const listKey = useListKey(JSON.stringify(filter), query.isPlaceholderData);
  const { hasNextPage, isFetching, fetchNextPage, refetch } = query;
  // While the list is read anew a next page would be dropped: the table asks again once it has been.
  const onNearEnd = useCallback(() => {
    if (!isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [isFetching, fetchNextPage]);
  const retry = (): void => void refetch();
  if (query.isPending) return <RunTableSkeleton />;
  const error = query.isError ? (
    <ErrorNotice message={`Cannot load runs: ${query.error.message}`} onRetry={retry} />
  ) : undefined;
  if (runs.length === 0) {
    if (error !== undefined) return error;
    return isFiltered(filter) ? <NothingMatches {...props} /> : <FirstTraceHint />;
  }
  return (
    <>
      {error}
      <RunTable
        key={listKey}
        runs={runs}
        total={props.total}
        hasMore={hasNextPage && !query.isFetchNextPageError}
        onNearEnd={onNearEnd}
        footer={hasNextPage ? 'Loading older runs…' : undefined}
      />
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
