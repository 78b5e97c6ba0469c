// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { callId } from '../../model/call';
import type { Call } from '../../model/call';
import { callSorts, sortName } from '../../model/listSort';
import { makeCallColumns } from '../../parts/callColumns';
import { SortCommands } from '../../parts/SortCommands';
import { useAddress } from '../../parts/useAddress';
import { readSort, sortText } from '../../ui/dataColumns';
import { DataTable } from '../../ui/DataTable';
import type { RowLinkProps } from '../../ui/DataTable';
import { DataTableSkeleton } from '../../ui/DataTableSkeleton';
import { useClock } from '../../ui/useClock';

export const callTableId = 'calls';

export function useCallColumns() {
  const clock = useClock();
  return useMemo(() => makeCallColumns(clock), [clock]);
}

/** The way to the run of a call, opened at it. */
function useCallLink() {
  const { scope } = useAddress();
  return useCallback(
    (call: Call, props: RowLinkProps): ReactNode => (
      <Link
        to="/runs/$traceId"
        params={{ traceId: call.traceId }}
        search={{ ...scope, span: call.spanId }}
        dir="auto"
        {...props}
      >
        {call.name}
      </Link>
    ),
    [scope],
  );
}

export function CallTable(props: {
  readonly calls: readonly Call[];
  readonly listKey: string;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly hasMore: boolean;
  readonly onNearEnd: () => void;
  readonly footer: ReactNode;
  readonly onPeek: (id: string) => void;
  readonly peekedId: string | undefined;
}) {
  const { calls, sort, onSort, ...rest } = props;
  return (
    <>
      <SortCommands nouns="calls" sorts={callSorts} onSort={onSort} />
      <DataTable
        {...rest}
        id={callTableId}
        testId="calls"
        caption={`Calls, ${sortName(sort)}`}
        columns={useCallColumns()}
        rows={calls}
        idOf={callId}
        link={useCallLink()}
        sort={readSort(sort)}
        onSort={(asked) => onSort(sortText(asked))}
      />
    </>
  );
}

export function CallTableSkeleton() {
  return <DataTableSkeleton id={callTableId} columns={useCallColumns()} testId="calls-loading" />;
}
