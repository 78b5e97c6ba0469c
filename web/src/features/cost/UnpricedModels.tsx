// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { formatCompact, formatCount } from '../../base/format';
import { modelNameOf, providerOf } from '../../model/costCuts';
import type { SearchTexts } from '../../model/searchTexts';
import { useAddress } from '../../parts/useAddress';
import type { Column } from '../../ui/dataColumns';
import { FlowNote, FlowSection } from '../../ui/Flow';
import { ErrorNotice } from '../../ui/Notice';
import { ShortTable } from '../../ui/ShortTable';
import type { useCosts } from './useCosts';

interface UnpricedModel {
  /** With the provider before it. */
  readonly name: string;
  readonly calls: number;
  readonly tokens: number;
}

/** Models with calls of which nobody knows a price, and the way to give one. */
export function UnpricedModels(props: {
  readonly unpriced: ReturnType<typeof useCosts>['unpriced'];
}) {
  const { data, isError, error, refetch } = props.unpriced;
  const { scope } = useAddress();
  const rows = data?.groups.flatMap(({ keys, values }): UnpricedModel[] => {
    const calls = values['unpriced_calls'] ?? 0;
    const name = keys['model'] ?? '';
    return calls > 0 ? [{ name, calls, tokens: values['tokens'] ?? 0 }] : [];
  });
  return (
    <FlowSection
      title="Models without a price"
      testId="unpriced"
      head={
        <Link to="/cost" search={(before: SearchTexts) => ({ ...before, reprice: '1' })}>
          Price stored calls again
        </Link>
      }
    >
      {isError && (
        <ErrorNotice
          message={`Cannot load what has no price: ${error.message}`}
          onRetry={() => void refetch()}
        />
      )}
      {rows?.length === 0 ? (
        <FlowNote>The cost of every model call in this time is known.</FlowNote>
      ) : (
        (rows !== undefined || !isError) && (
          <ShortTable
            id="unpriced"
            caption="Models without a price"
            columns={makeColumns(scope)}
            rows={rows}
            idOf={(row) => row.name}
          />
        )
      )}
    </FlowSection>
  );
}

function makeColumns(scope: SearchTexts): readonly Column<UnpricedModel>[] {
  return [
    {
      id: 'name',
      label: 'Model',
      isFixed: true,
      skeleton: 160,
      cell: (row) =>
        row.name === '' ? (
          'Calls that name no model'
        ) : (
          <Link to="/runs" search={{ ...scope, model: modelNameOf(row.name) }}>
            <bdi>{row.name}</bdi>
          </Link>
        ),
    },
    {
      id: 'calls',
      label: 'Calls',
      isFigure: true,
      width: 80,
      skeleton: 30,
      title: () => 'Calls whose cost is not wholly known',
      cell: (row) => formatCount(row.calls),
    },
    {
      id: 'tokens',
      label: 'Tokens',
      isFigure: true,
      width: 90,
      fromWidth: 480,
      skeleton: 40,
      title: (row) => `${formatCount(row.tokens)} of all calls of this model`,
      cell: (row) => formatCompact(row.tokens),
    },
    {
      id: 'set',
      label: 'Price',
      width: 110,
      skeleton: 60,
      cell: (row) =>
        row.name === '' || row.tokens === 0 ? (
          // No price would help calls of which nobody knows what they used.
          <span title="Its calls state no tokens: a price would not help">
            {row.tokens === 0 ? 'no usage' : ''}
          </span>
        ) : (
          <Link
            to="/cost"
            search={(before: SearchTexts) => ({ ...before, price: row.name })}
            aria-label={`Set a price for ${modelNameOf(row.name)} of ${providerOf(row.name)}`}
          >
            Set a price
          </Link>
        ),
    },
  ];
}
