// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { formatCount } from '../../base/format';
import { nsToDate } from '../../base/time';
import { cuts } from '../../model/costCuts';
import type { Cut } from '../../model/costCuts';
import type { RunFilter } from '../../model/filterFields';
import { spendingRows } from '../../model/spending';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { ColumnsMenu } from '../../ui/ColumnsMenu';
import { readSort, sortText } from '../../ui/dataColumns';
import { FlowNote, FlowSection } from '../../ui/Flow';
import { EmptyState } from '../../ui/Notice';
import { ShortTable } from '../../ui/ShortTable';
import styles from './CostCut.module.css';
import { cutTableId, makeCutColumns } from './cutColumns';
import { SpendingChart } from './SpendingChart';
import type { useCosts } from './useCosts';

/** Spending cut up by one of its dimensions: over time, and as a table. */
export function CostCut(props: {
  readonly cut: Cut;
  readonly costs: ReturnType<typeof useCosts>;
  /** What the address asks for: links go on from it. */
  readonly asked: RunFilter;
}) {
  const { cut, costs, asked } = props;
  const { search, change } = useAddress();
  const { sum, rows: query } = costs;
  const isStandIn = query.isPlaceholderData || sum.isPlaceholderData;
  const amountName = cut.shows === 'count' ? 'count' : cut.shows === 'tokens' ? 'tokens' : 'cost';
  const whole = sum.data?.groups[0];
  const rows = useMemo(() => {
    if (query.data === undefined || isStandIn) return undefined;
    return spendingRows(query.data, cut, whole?.values[amountName] ?? 0);
  }, [query.data, isStandIn, cut, whole, amountName]);
  const columns = useMemo(() => makeCutColumns(cut, asked), [cut, asked]);
  const left = (query.data?.totalGroups ?? 0) - (query.data?.groups.length ?? 0);
  const zoom = (fromNs: bigint, toNs: bigint): void =>
    change({
      t: undefined,
      from: nsToDate(fromNs).toISOString(),
      to: nsToDate(toNs).toISOString(),
    });
  return (
    <FlowSection
      title={`By ${cut.label.toLowerCase()}`}
      testId="cost-cut"
      head={<CutSwitch cut={cut} />}
    >
      {rows?.length === 0 ? (
        <EmptyState title="Nothing was spent in this time" isCompact>
          No model call of these runs has a {cut.noun.toLowerCase()}, a price or tokens.
        </EmptyState>
      ) : (
        <>
          <SpendingChart
            cut={cut}
            rows={rows}
            whole={isStandIn ? undefined : sum.data}
            isOpen={asked.t === undefined && asked.from === undefined}
            onRange={zoom}
          />
          {cut.id === 'tool' && (
            <FlowNote>Calls of tools: tools tell of no cost, models do.</FlowNote>
          )}
          <div className={styles.tools}>
            <ColumnsMenu tableId={cutTableId(cut)} columns={columns} />
          </div>
          <ShortTable
            id={cutTableId(cut)}
            testId="cut-table"
            caption={`Spending by ${cut.label.toLowerCase()}`}
            columns={columns}
            rows={rows}
            idOf={(row) => row.name}
            sort={readSort(search['sort'])}
            onSort={(sort) => change({ sort: sortText(sort) })}
          />
          {left > 0 && !isStandIn && (
            <FlowNote>And {formatCount(left)} more, each smaller than these.</FlowNote>
          )}
        </>
      )}
    </FlowSection>
  );
}

function CutSwitch(props: { readonly cut: Cut }) {
  const { change } = useAddress();
  return (
    <div role="group" aria-label="Cut by" className={styles.cuts}>
      {cuts.map(({ id, label }) => (
        <Button
          key={id}
          fit="small"
          aria-pressed={id === props.cut.id}
          onClick={() => change({ by: id, sort: undefined })}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
