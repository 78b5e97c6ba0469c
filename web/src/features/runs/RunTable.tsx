// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { sortName } from '../../model/listSort';
import type { Run } from '../../model/run';
import { useAddress } from '../../parts/useAddress';
import { DataTable } from '../../ui/DataTable';
import { readSort, sortText } from '../../ui/dataColumns';
import type { Column } from '../../ui/dataColumns';
import type { RowLinkProps } from '../../ui/DataTable';
import { DataTableSkeleton } from '../../ui/DataTableSkeleton';
import { usePreferences } from '../../ui/preferences';
import { useClock } from '../../ui/useClock';
import { makeRunColumns } from './runColumns';
import type { Picks } from './usePicks';

export const runTableId = 'runs';

export function useRunColumns(picks: Picks) {
  const clock = useClock();
  const { density } = usePreferences();
  return useMemo(() => makeRunColumns(clock, picks, density), [clock, picks, density]);
}

/** The way to a run, which takes the time range along. */
function useRunLink() {
  const { scope } = useAddress();
  return useCallback(
    (run: Run, props: RowLinkProps): ReactNode => (
      <Link
        to="/runs/$traceId"
        params={{ traceId: run.traceId }}
        search={scope}
        dir="auto"
        {...props}
      >
        {run.name}
      </Link>
    ),
    [scope],
  );
}

/** Pixels of a row of one or two lines. */
const rowHeights = { roomy: 44, compact: 34 } as const;

function useRowHeight(): number {
  return rowHeights[usePreferences().density];
}

function idOf(run: Run): string {
  return run.traceId;
}

export function RunTable(props: {
  readonly runs: readonly Run[];
  readonly listKey: string;
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly onNearEnd: () => void;
  readonly footer: ReactNode;
  readonly onPeek: (id: string) => void;
  readonly peekedId: string | undefined;
  readonly columns: readonly Column<Run>[];
  readonly onPick: (id: string) => void;
  readonly hidden: readonly string[] | undefined;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}) {
  const { runs, sort, onSort, ...rest } = props;
  return (
    <DataTable
      {...rest}
      id={runTableId}
      testId="runs"
      caption={`Runs, ${sortName(sort)}`}
      sort={readSort(sort)}
      onSort={(asked) => onSort(sortText(asked))}
      rows={runs}
      idOf={idOf}
      rowHeight={useRowHeight()}
      link={useRunLink()}
    />
  );
}

export function RunTableSkeleton(props: {
  readonly columns: readonly Column<Run>[];
  readonly hidden: readonly string[] | undefined;
}) {
  return (
    <DataTableSkeleton
      id={runTableId}
      {...props}
      rowHeight={useRowHeight()}
      testId="runs-loading"
    />
  );
}
