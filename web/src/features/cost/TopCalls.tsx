// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { useTopCalls } from '../../api/callQueries';
import { callId } from '../../model/call';
import { usualKind } from '../../model/callFilter';
import type { CallFilter } from '../../model/callFilter';
import type { RunFilter } from '../../model/filterFields';
import { filterTexts } from '../../model/pageAddress';
import { AnswerOf } from '../../parts/AnswerOf';
import { makeCallColumns } from '../../parts/callColumns';
import { CallsLink, RunLink } from '../../parts/links';
import { useAddress } from '../../parts/useAddress';
import { FlowSection } from '../../ui/Flow';
import { EmptyState } from '../../ui/Notice';
import { ShortTable } from '../../ui/ShortTable';
import { useClock } from '../../ui/useClock';

const shown = 10;
const sort = '-cost';
const columnIds = ['name', 'model', 'agent', 'workflow', 'started', 'duration', 'tokens', 'cost'];

/** Short tables have no links of their own: the name leads to the call in its run. */
function useTopColumns() {
  const clock = useClock();
  const { scope } = useAddress();
  return useMemo(
    () =>
      makeCallColumns(clock)
        .filter(({ id }) => columnIds.includes(id))
        .map((column) =>
          column.id !== 'name'
            ? column
            : {
                ...column,
                cell: (call: Parameters<typeof column.cell>[0]) => (
                  <RunLink traceId={call.traceId} search={{ ...scope, span: call.spanId }}>
                    {call.name}
                  </RunLink>
                ),
              },
        ),
    [clock, scope],
  );
}

/** The calls that cost most; those of which nobody knows a price are not among them. */
export function TopCalls(props: { readonly filter: RunFilter; readonly isHeld: boolean }) {
  const { filter, isHeld } = props;
  const asked = useMemo(
    (): CallFilter => ({
      filter,
      sort,
      kind: usualKind,
      stepName: undefined,
      errorType: undefined,
    }),
    [filter],
  );
  const query = useTopCalls(asked, shown, isHeld);
  const columns = useTopColumns();
  return (
    <FlowSection
      title="Most expensive calls"
      testId="top-calls"
      head={<CallsLink search={{ ...filterTexts(filter), sort }}>All calls by cost</CallsLink>}
    >
      <AnswerOf query={query} what="the most expensive calls" lines={shown}>
        {({ calls }) => {
          const priced = calls.filter(({ usd }) => usd !== undefined);
          if (priced.length === 0)
            return <EmptyState title="No call of this time has a known cost" isCompact />;
          return (
            <ShortTable
              id="top-calls"
              testId="top-calls-table"
              caption="The most expensive calls"
              columns={columns}
              rows={priced}
              idOf={callId}
            />
          );
        }}
      </AnswerOf>
    </FlowSection>
  );
}
