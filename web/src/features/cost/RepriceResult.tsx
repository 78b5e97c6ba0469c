// SPDX-License-Identifier: Apache-2.0

import { absent, formatCount, formatUsd, plural } from '../../base/format';
import { alignCost } from '../../model/cost';
import { changedModels } from '../../model/repricing';
import type { ModelRepricing, Repricing } from '../../model/repricing';
import type { Column } from '../../ui/dataColumns';
import { FactList } from '../../ui/Facts';
import { FlowNote } from '../../ui/Flow';
import { ShortTable } from '../../ui/ShortTable';

/** A difference with its sign. */
function differenceText(usd: number): string {
  return usd > 0 ? `+${formatUsd(usd)}` : formatUsd(usd);
}

/** An amount of calls none of which has a price is not known. */
function amountText(usd: number, calls: number, unpriced: number): string {
  if (unpriced === 0) return formatUsd(usd);
  return unpriced >= calls ? 'unpriced' : `≥ ${formatUsd(usd)}`;
}

function beforeText(one: Omit<ModelRepricing, 'model'>): string {
  return amountText(one.oldUsd, one.calls, one.unpricedBefore);
}

function afterText(one: Omit<ModelRepricing, 'model'>): string {
  return amountText(one.newUsd, one.calls, one.unpricedAfter);
}

/** Sums before and after, all together and of each model whose figures are others. */
export function RepriceResult(props: { readonly job: Repricing }) {
  const { job } = props;
  const changed = changedModels(job.models);
  const same = job.models.length - changed.length;
  return (
    <>
      <div data-testid="reprice-sums">
        <FactList
          facts={[
            { label: 'Calls', value: formatCount(job.calls) },
            {
              label: 'Their cost',
              value: `${beforeText(job)} → ${afterText(job)} (${differenceText(job.newUsd - job.oldUsd)})`,
              title: `${job.oldUsd} USD before, ${job.newUsd} USD after`,
            },
            {
              label: 'Without a price',
              value: `${formatCount(job.unpricedBefore)} → ${formatCount(job.unpricedAfter)}`,
              title: 'Calls of which nobody knows a price, before and after',
            },
          ]}
        />
      </div>
      {job.skippedRuns > 0 && (
        <FlowNote testId="reprice-skipped">
          {plural(job.skippedRuns, 'run')} still went on and{' '}
          {job.skippedRuns === 1 ? 'was' : 'were'} left out; price them again when they are over.
        </FlowNote>
      )}
      {changed.length > 0 && (
        <ShortTable
          id="reprice"
          testId="reprice-models"
          caption="Models whose costs change"
          columns={columns}
          rows={changed}
          idOf={({ model }) => model}
        />
      )}
      {same > 0 && changed.length > 0 && (
        <FlowNote>{plural(same, 'other model')} cost the same as before.</FlowNote>
      )}
    </>
  );
}

const columns: readonly Column<ModelRepricing>[] = [
  {
    id: 'model',
    label: 'Model',
    isFixed: true,
    skeleton: 140,
    title: ({ model }) => model,
    cell: ({ model }) => <bdi>{model === '' ? '(none)' : model}</bdi>,
  },
  {
    id: 'calls',
    label: 'Calls',
    isFigure: true,
    width: 64,
    skeleton: 30,
    cell: ({ calls }) => formatCount(calls),
  },
  {
    id: 'before',
    label: 'Before',
    isFigure: true,
    width: 100,
    skeleton: 50,
    title: ({ unpricedBefore }) => unpricedTitle(unpricedBefore),
    cell: (one) => alignCost(beforeText(one)),
  },
  {
    id: 'after',
    label: 'After',
    isFigure: true,
    width: 100,
    skeleton: 50,
    title: ({ unpricedAfter }) => unpricedTitle(unpricedAfter),
    cell: (one) => alignCost(afterText(one)),
  },
  {
    id: 'difference',
    label: 'Difference',
    isFigure: true,
    width: 100,
    fromWidth: 460,
    skeleton: 50,
    cell: ({ oldUsd, newUsd }) =>
      oldUsd === newUsd ? absent : alignCost(differenceText(newUsd - oldUsd)),
  },
];

function unpricedTitle(calls: number): string | undefined {
  return calls === 0 ? undefined : `${plural(calls, 'call')} without a price`;
}
