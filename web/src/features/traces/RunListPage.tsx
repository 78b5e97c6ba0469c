// SPDX-License-Identifier: Apache-2.0

import { useCallback, useMemo } from 'react';
import type { useRunPages } from '../../api/queries';
import { isFiltered } from '../../api/traceFilter';
import { useLiveRuns } from '../../api/useLiveRuns';
import { plural } from '../../base/format';
import { joinRunPages } from '../../model/run';
import type { Run } from '../../model/run';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { FirstTraceHint } from './FirstTraceHint';
import { LiveIndicator } from './LiveIndicator';
import { OverviewStrip } from './OverviewStrip';
import { RunFilters } from './RunFilters';
import filterStyles from './RunFilters.module.css';
import styles from './RunListPage.module.css';
import { RunTable } from './RunTable';
import { RunTableSkeleton } from './RunTableHead';
import { noFilter } from './url';
import type { ListSearch } from './url';

export interface RunListPageProps {
  readonly filter: ListSearch;
  readonly onFilterChange: (change: ListSearch) => void;
}

function agentsOf(runs: readonly Run[]): readonly string[] {
  return [...new Set(runs.flatMap((run) => (run.agent === undefined ? [] : [run.agent])))].sort();
}

export function RunListPage(props: RunListPageProps) {
  const { filter, onFilterChange } = props;
  const { runs: query, overview, feed } = useLiveRuns(filter);
  const pages = query.data?.pages;
  const runs = useMemo(() => joinRunPages(pages ?? []), [pages]);
  const agents = useMemo(() => agentsOf(runs), [runs]);
  const total = pages?.[0]?.total;
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">Runs</h1>
      <OverviewStrip query={overview} />
      <RunFilters
        filter={filter}
        onChange={onFilterChange}
        agents={agents}
        end={
          <>
            {total !== undefined && (
              <span className={filterStyles.count} data-testid="total">
                {plural(total, 'run')}
              </span>
            )}
            <LiveIndicator feed={feed} />
          </>
        }
      />
      <RunListBody {...props} query={query} runs={runs} total={total} />
    </div>
  );
}

interface BodyProps extends RunListPageProps {
  readonly query: ReturnType<typeof useRunPages>;
  readonly runs: readonly Run[];
  readonly total: number | undefined;
}

/** The list in whichever of its five states it is. */
function RunListBody(props: BodyProps) {
  const { query, runs, filter } = props;
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
        runs={runs}
        total={props.total}
        hasMore={hasNextPage && !query.isFetchNextPageError}
        onNearEnd={onNearEnd}
        footer={hasNextPage ? 'Loading older runs…' : undefined}
      />
    </>
  );
}

function NothingMatches(props: RunListPageProps) {
  const clear = (): void => props.onFilterChange(noFilter);
  return (
    <EmptyState title="No run matches these filters">
      <p>New runs that match will appear here.</p>
      <p>
        <Button onClick={clear}>Clear filters</Button>
      </p>
    </EmptyState>
  );
}
