// SPDX-License-Identifier: Apache-2.0

import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useDatasetChanges, useDatasets } from '../../api/datasetQueries';
import { formatBytes, formatCount } from '../../base/format';
import type { Dataset } from '../../model/dataset';
import type { SearchTexts } from '../../model/searchTexts';
import { useAddress } from '../../parts/useAddress';
import type { Column } from '../../ui/dataColumns';
import { Flow, FlowNote, FlowSection } from '../../ui/Flow';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { ShortTable } from '../../ui/ShortTable';
import { useClock } from '../../ui/useClock';
import type { Clock } from '../../ui/useClock';
import { usePageTitle } from '../../ui/usePageTitle';
import { NamesForm } from './NamesForm';
import { texts } from './texts';

function makeColumns(scope: SearchTexts, clock: Clock): readonly Column<Dataset>[] {
  return [
    {
      id: 'name',
      label: 'Dataset',
      isFixed: true,
      skeleton: 120,
      title: ({ name }) => name,
      cell: ({ id, name }) => (
        <Link to="/datasets/$datasetId" params={{ datasetId: id }} search={scope}>
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      id: 'description',
      label: texts.description,
      isMuted: true,
      fromWidth: 640,
      skeleton: 200,
      title: ({ description }) => description,
      cell: ({ description }) => <bdi>{description}</bdi>,
    },
    {
      id: 'examples',
      label: texts.examples,
      isFigure: true,
      width: 92,
      skeleton: 20,
      cell: ({ exampleCount }) => formatCount(exampleCount),
    },
    {
      id: 'bytes',
      label: 'Size',
      isFigure: true,
      width: 92,
      fromWidth: 540,
      skeleton: 40,
      cell: ({ bytes }) => formatBytes(bytes),
    },
    {
      id: 'changed',
      label: 'Changed',
      isFigure: true,
      width: 108,
      fromWidth: 540,
      skeleton: 58,
      title: ({ updatedNs }) => clock.exact(updatedNs),
      cell: ({ updatedNs }) => clock.moment(updatedNs),
    },
  ];
}

/** All datasets, and the way to a new one. */
export function DatasetListPage() {
  usePageTitle(texts.title);
  const { scope } = useAddress();
  const clock = useClock();
  const query = useDatasets();
  const { create } = useDatasetChanges();
  const navigate = useNavigate();
  const columns = useMemo(() => makeColumns(scope, clock), [scope, clock]);
  return (
    <Flow title={texts.title} testId="datasets">
      <FlowNote>{texts.note}</FlowNote>
      {query.isError && (
        <ErrorNotice
          message={`Cannot load datasets: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data?.length === 0 && <EmptyState title={texts.none}>{texts.noneHint}</EmptyState>}
      {query.data?.length !== 0 && !query.isError && (
        <ShortTable
          id="datasets"
          caption={texts.title}
          columns={columns}
          rows={query.data}
          idOf={({ id }) => id}
        />
      )}
      <FlowSection title={texts.make}>
        <NamesForm
          label={texts.make}
          submit={texts.make}
          names={{ name: '', description: '' }}
          isBusy={create.isPending}
          error={create.error?.message}
          onSubmit={(names) =>
            create.mutate(names, {
              onSuccess: ({ id }) =>
                void navigate({
                  to: '/datasets/$datasetId',
                  params: { datasetId: id },
                  search: scope,
                }),
            })
          }
        />
      </FlowSection>
    </Flow>
  );
}
