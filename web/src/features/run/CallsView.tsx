// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCompact, formatDuration, plural } from '../../base/format';
import { callGroups, callsOf } from '../../model/calls';
import type { CallGroup } from '../../model/calls';
import { sumOfAll } from '../../model/nameSums';
import type { Span } from '../../model/span';
import { runsIn } from '../../model/timeWindow';
import { SumText } from '../../parts/SumText';
import { Button } from '../../ui/Button';
import { ColumnsMenu } from '../../ui/ColumnsMenu';
import { DataTable } from '../../ui/DataTable';
import type { RowLinkProps } from '../../ui/DataTable';
import { EmptyState } from '../../ui/Notice';
import { SelectField } from '../../ui/SelectField';
import { makeCallColumns } from './callColumns';
import styles from './CallsView.module.css';
import { callSorts } from './url';
import type { RunState } from './useRunState';

const tableId = 'calls';
const groupLabels: Readonly<Record<CallGroup, string>> = {
  all: 'Models and tools',
  model: 'Models',
  tool: 'Tools',
};

function idOf(span: Span): string {
  return span.id;
}

/** The calls that are asked for: of a group, in the range that is looked at, and what is looked for. */
function useCalls(state: RunState) {
  const { view, search, matches, range, scale } = state;
  const calls = useMemo(() => callsOf(view.tree, search.calls), [view.tree, search.calls]);
  const shown = useMemo(() => {
    const wanted = matches === undefined ? undefined : new Set(matches);
    return calls.filter(
      (span) =>
        wanted?.has(span.id) !== false && (range === undefined || runsIn(span, scale, range)),
    );
  }, [calls, matches, range, scale]);
  return { calls, shown };
}

/** The way to the details of a call, beside the table. */
function callLink(span: Span, props: RowLinkProps): ReactNode {
  return (
    <Link
      to="."
      search={(before: Record<string, unknown>) => ({ ...before, span: span.id })}
      replace
      dir="auto"
      {...props}
    >
      {span.title}
    </Link>
  );
}

/** Calls of models and tools as a table; a row opens the details of its span. */
export function CallsView({ state }: { readonly state: RunState }) {
  const { search, select, setSort, scale } = state;
  const { calls, shown } = useCalls(state);
  const { startNs } = scale;
  const columns = useMemo(() => makeCallColumns(startNs), [startNs]);
  const onSort = useCallback(
    (sort: { readonly columnId: string; readonly isDescending: boolean }) => {
      const columnId = callSorts.find((id) => id === sort.columnId);
      if (columnId !== undefined) setSort({ columnId, isDescending: sort.isDescending });
    },
    [setSort],
  );
  const order = `${search.calls} ${search.find} ${state.range?.from ?? ''} ${state.range?.to ?? ''}`;
  return (
    <div className={styles.frame}>
      <div className={styles.head}>
        <SelectField
          label="Which calls"
          value={search.calls}
          options={callGroups.map((group) => ({ value: group, label: groupLabels[group] }))}
          onChange={(value) => state.setCalls(callGroups.find((group) => group === value) ?? 'all')}
        />
        <CallSums calls={shown} />
        <span className={styles.end}>
          <ColumnsMenu tableId={tableId} columns={columns} />
        </span>
      </div>
      {shown.length === 0 ? (
        <NoCalls state={state} isFiltered={calls.length > 0} />
      ) : (
        <DataTable
          id={tableId}
          testId="calls"
          caption="Calls of models and tools"
          columns={columns}
          rows={shown}
          idOf={idOf}
          link={callLink}
          sort={search.sort}
          onSort={onSort}
          listKey={order}
          onPeek={select}
          peekedId={search.span}
        />
      )}
    </div>
  );
}

/** What the calls of the table come to. */
function CallSums({ calls }: { readonly calls: readonly Span[] }) {
  const sums = useMemo(() => sumOfAll(calls), [calls]);
  return (
    <span role="status" data-testid="call-sums">
      {plural(calls.length, 'call')}
      {sums !== undefined && (
        <>
          {sums.errors > 0 && ` · ${plural(sums.errors, 'failure')}`}
          {` · ${formatDuration(sums.totalSeconds)}`}
          {sums.tokens !== undefined && ` · ${formatCompact(sums.tokens)} tokens`}
          <SumText usd={sums.usd} unpriced={sums.unpriced} />
        </>
      )}
    </span>
  );
}

function NoCalls(props: { readonly state: RunState; readonly isFiltered: boolean }) {
  const { state, isFiltered } = props;
  const { search, range } = state;
  if (!isFiltered)
    return (
      <EmptyState title={search.calls === 'all' ? 'This run made no call' : 'No call of this kind'}>
        <p>Spans of model calls, tools and retrievers are listed here.</p>
        {search.calls !== 'all' && <Button onClick={() => state.setCalls('all')}>All calls</Button>}
      </EmptyState>
    );
  return (
    <EmptyState
      title={search.find === '' ? 'No call in this range' : `No call matches “${search.find}”`}
    >
      {search.find !== '' && <Button onClick={() => state.setFind('')}>Clear search</Button>}
      {range !== undefined && (
        <Button onClick={() => state.setRange(undefined)}>Look at the whole run</Button>
      )}
    </EmptyState>
  );
}
