// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Run } from '../../model/run';
import { useAddress } from '../../parts/useAddress';
import { DataTable } from '../../ui/DataTable';
import type { RowLinkProps } from '../../ui/DataTable';
import { DataTableSkeleton } from '../../ui/DataTableSkeleton';
import { useClock } from '../../ui/useClock';
import { makeRunColumns } from './runColumns';

export const runTableId = 'runs';

export function useRunColumns() {
  const clock = useClock();
  return useMemo(() => makeRunColumns(clock), [clock]);
}

/** The way to a run, which takes the time range along. */
function useRunLink() {
  const { scope } = useAddress();
  return useCallback(
    (run: Run, props: RowLinkProps): ReactNode => (
      <Link
        to="/traces/$traceId"
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

function idOf(run: Run): string {
  return run.traceId;
}

export function RunTable(props: {
  readonly runs: readonly Run[];
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly onNearEnd: () => void;
  readonly footer: ReactNode;
}) {
  const { runs, ...rest } = props;
  return (
    <DataTable
      {...rest}
      id={runTableId}
      testId="runs"
      caption="Runs, newest first"
      columns={useRunColumns()}
      rows={runs}
      idOf={idOf}
      link={useRunLink()}
    />
  );
}

export function RunTableSkeleton() {
  return <DataTableSkeleton id={runTableId} columns={useRunColumns()} testId="runs-loading" />;
}
