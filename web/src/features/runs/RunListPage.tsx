// SPDX-License-Identifier: Apache-2.0

import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useFacets } from '../../api/facetQueries';
import { useLiveRuns } from '../../api/useLiveRuns';
import { plural } from '../../base/format';
import { describePart, filterParts, isFiltered, parseFilter } from '../../model/filterFields';
import type { RunFilter } from '../../model/filterFields';
import { readListSort, runSorts } from '../../model/listSort';
import { joinRunPages } from '../../model/run';
import { runsAsCsv, runsAsJson } from '../../model/runExport';
import type { Run, RunPage } from '../../model/run';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { Drawer } from '../../ui/Drawer';
import { setPreferences, usePreferences } from '../../ui/preferences';
import { narrowQuery, useMediaQuery } from '../../ui/useMediaQuery';
import { usePageTitle } from '../../ui/usePageTitle';
import { AddressProblems } from '../../parts/AddressProblems';
import { ExportMenu } from '../../parts/ExportMenu';
import { GrainSwitch } from '../../parts/GrainSwitch';
import { CompareButton } from './CompareButton';
import { FacetPanel } from './FacetPanel';
import { RunHistogram } from './RunHistogram';
import { texts } from './texts';
import { LiveIndicator } from '../../parts/LiveIndicator';
import { OverviewStrip } from './OverviewStrip';
import { RunFilters } from './RunFilters';
import filterStyles from './RunFilters.module.css';
import styles from './RunListPage.module.css';
import { RunListBody } from './RunListBody';
import { usePicks } from './usePicks';
import { RunColumnsMenu } from './RunColumnsMenu';
import { useRunColumns } from './RunTable';

function namesOf(
  runs: readonly Run[],
  nameOf: (run: Run) => string | undefined,
): readonly string[] {
  return [
    ...new Set(
      runs.flatMap((run) => {
        const name = nameOf(run);
        return name === undefined ? [] : [name];
      }),
    ),
  ].sort();
}

/** Names of the runs that were seen, offered while one types. */
function knownNames(runs: readonly Run[]) {
  return {
    agent: namesOf(runs, (run) => run.agent),
    workflow_id: namesOf(runs, (run) => run.workflowId),
    session_id: namesOf(runs, (run) => run.sessionId),
    user_id: namesOf(runs, (run) => run.userId),
    service: namesOf(runs, (run) => run.service),
    model: [...new Set(runs.flatMap((run) => run.models))].sort(),
  };
}

function titleOf(filter: RunFilter): string {
  const parts = filterParts(filter).map(describePart);
  return parts.length === 0 ? 'Runs' : `Runs: ${parts.join(', ')}`;
}

/** How many match; where the server has not counted them all, that it is at least so many. */
function countText(page: RunPage | undefined): string | undefined {
  if (page?.total === undefined) return undefined;
  const count = `${page.isTotalExact ? '' : '≥ '}${plural(page.total, 'run')}`;
  return page.searchedFrom === undefined
    ? count
    : `${count}, ${texts.searchedFrom(page.searchedFrom)}`;
}

/**
 * What the address holds beside filters: the order, the run beside the list, those that are ticked, hidden
 * columns.
 */
const ownKeys = ['sort', 'run', 'pick', 'hide'];

/** Whether the counts of values are shown: beside the list, or on a phone over it, where each time is a choice of its own. */
function useFacetPanel() {
  const isNarrow = useMediaQuery(narrowQuery);
  const { hasFacets } = usePreferences();
  const [isSheet, setSheet] = useState(false);
  const isShown = isNarrow ? isSheet : hasFacets;
  const toggle = (): void =>
    isNarrow ? setSheet(!isSheet) : setPreferences({ hasFacets: !hasFacets });
  useCommand({ id: 'facets', title: 'Show or hide the counts of values', key: 'f', run: toggle });
  return { isNarrow, isShown, toggle };
}

/** What the address asks for, in which order, and without which columns. */
function useAskedRuns() {
  const { search } = useAddress();
  return useMemo(() => {
    const parsed = parseFilter(search, ownKeys);
    const order = readListSort(search, runSorts);
    return {
      ...parsed,
      sort: order.sort,
      hidden: search['hide']?.split(','),
      problems: [...parsed.problems, ...order.problems],
    };
  }, [search]);
}

function RunExport({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <ExportMenu
      name="runs"
      what={plural(runs.length, 'run')}
      csv={() => runsAsCsv(runs)}
      json={() => runsAsJson(runs)}
    />
  );
}

export function RunListPage() {
  const { change: onSearchChange, hold } = useAddress();
  const { filter, sort, hidden, problems } = useAskedRuns();
  const isUnderstood = problems.length === 0;
  const { runs: query, overview, feed } = useLiveRuns(filter, sort, isUnderstood, hold);
  const pages = query.data?.pages;
  const runs = useMemo(() => joinRunPages(pages ?? []), [pages]);
  const known = useMemo(() => knownNames(runs), [runs]);
  const picks = usePicks();
  const columns = useRunColumns(picks);
  const panel = useFacetPanel();
  const isEmpty = query.isSuccess && runs.length === 0 && !isFiltered(filter);
  const hasCounts = isUnderstood && !isEmpty;
  const facets = useFacets(filter, hasCounts && panel.isShown, hold.isHeld);
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
        known={known}
        end={
          <>
            {isUnderstood && count !== undefined && (
              <span className={filterStyles.count} data-testid="total">
                {count}
              </span>
            )}
            <Button aria-pressed={panel.isShown} title={texts.facetsTitle} onClick={panel.toggle}>
              {texts.facetsToggle}
            </Button>
            <GrainSwitch here="runs" />
            <CompareButton picks={picks} />
            <RunExport runs={runs} />
            <RunColumnsMenu columns={columns} hidden={hidden} />
            <LiveIndicator feed={feed} />
          </>
        }
      />
      {hasCounts && !panel.isNarrow && (
        <RunHistogram filter={filter} isWanted={hasCounts} isHeld={hold.isHeld} />
      )}
      <div className={styles.columns}>
        {hasCounts && panel.isShown && (
          <FacetsBeside panel={panel}>
            <FacetPanel query={facets} filter={filter} onChange={onSearchChange} />
          </FacetsBeside>
        )}
        <div className={styles.list}>
          {isUnderstood ? (
            <RunListBody
              query={query}
              runs={runs}
              total={pages?.[0]?.total}
              filter={filter}
              sort={sort}
              stored={overview.data?.totalRuns}
              onSearchChange={onSearchChange}
              columns={columns}
              picks={picks}
              hidden={hidden}
            />
          ) : (
            <AddressProblems problems={problems} onChange={onSearchChange} />
          )}
        </div>
      </div>
    </div>
  );
}

function FacetsBeside(props: {
  readonly panel: ReturnType<typeof useFacetPanel>;
  readonly children: ReactNode;
}) {
  const { panel, children } = props;
  if (panel.isNarrow)
    return (
      <Drawer title={texts.facets} onClose={panel.toggle}>
        {children}
      </Drawer>
    );
  return (
    <aside className={styles.facets} aria-label={texts.facets}>
      {children}
    </aside>
  );
}
