// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { cutIds, cutOf } from '../../model/costCuts';
import type { Cut } from '../../model/costCuts';
import { describePart, filterParts, isFiltered } from '../../model/filterFields';
import type { FilterKey, RunFilter } from '../../model/filterFields';
import { parsePageAddress } from '../../model/pageAddress';
import { AddressProblems } from '../../parts/AddressProblems';
import { FilterChips } from '../../parts/FilterChips';
import { PeriodNote } from '../../parts/PeriodNote';
import { useAddress } from '../../parts/useAddress';
import { Flow } from '../../ui/Flow';
import { ErrorNotice } from '../../ui/Notice';
import { usePageTitle } from '../../ui/usePageTitle';
import { CostCut } from './CostCut';
import { CostTiles } from './CostTiles';
import { PriceDrawer } from './PriceDrawer';
import { TopCalls } from './TopCalls';
import { UnpricedModels } from './UnpricedModels';
import { useCosts } from './useCosts';

const filterKeys: readonly FilterKey[] = [
  'workflow_id',
  'agent',
  'session_id',
  'user_id',
  'service',
];

/** What it all costs, what it is going to cost, and what is not known of it. */
export function CostPage() {
  const { search, change } = useAddress();
  const { filter, problems } = useMemo(
    () =>
      parsePageAddress(
        search,
        filterKeys,
        [{ key: 'by', values: cutIds }],
        ['price', 'reprice', 'sort'],
      ),
    [search],
  );
  const parts = filterParts(filter).filter(({ key }) => filterKeys.includes(key));
  usePageTitle(['Cost', ...parts.map(describePart)].join(', '));
  if (problems.length > 0)
    return (
      <Flow title="Cost">
        <AddressProblems problems={problems} onChange={change} />
      </Flow>
    );
  return <Costs filter={filter} cut={cutOf(search['by'])} />;
}

function Costs(props: { readonly filter: RunFilter; readonly cut: Cut }) {
  const { filter, cut } = props;
  const { change, hold } = useAddress();
  const costs = useCosts(filter, cut, hold.isHeld);
  const { whole } = costs;
  const others = { ...filter, t: undefined, from: undefined, to: undefined };
  const failed = [costs.startError, whole.error, costs.rows.error].find((error) => error !== null);
  const retry = (): void => {
    if (costs.startError !== null) void costs.retryStart();
    void whole.refetch();
    void costs.rows.refetch();
  };
  return (
    <>
      <Flow
        title="Cost"
        testId="cost"
        head={
          <>
            {isFiltered(others) && <FilterChips filter={others} onChange={change} />}
            <PeriodNote period={whole.data?.period} isHeld={hold.isHeld} />
          </>
        }
      >
        {failed !== undefined && (
          <ErrorNotice message={`Cannot load costs: ${failed.message}`} onRetry={retry} />
        )}
        <CostTiles whole={whole.data} filter={filter} isHeld={hold.isHeld} />
        <CostCut cut={cut} costs={costs} asked={filter} />
        <TopCalls filter={filter} isHeld={hold.isHeld} />
        <UnpricedModels unpriced={costs.unpriced} />
      </Flow>
      <PriceDrawer filter={costs.filter} />
    </>
  );
}
