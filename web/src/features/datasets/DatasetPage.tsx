// SPDX-License-Identifier: Apache-2.0

import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { exportPath, useDataset, useDatasetChanges, useExamples } from '../../api/datasetQueries';
import { ApiError } from '../../api/httpClient';
import { formatBytes, plural } from '../../base/format';
import type { Dataset } from '../../model/dataset';
import { AnswerOf } from '../../parts/AnswerOf';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { Flow, FlowNote, FlowSection } from '../../ui/Flow';
import { Fold } from '../../ui/Fold';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { usePageTitle } from '../../ui/usePageTitle';
import styles from './Datasets.module.css';
import { ExampleItem } from './ExampleItem';
import { NamesForm } from './NamesForm';
import { texts } from './texts';

/** One dataset with its examples. */
export function DatasetPage() {
  const { datasetId } = useParams({ from: '/datasets/$datasetId' });
  const { scope } = useAddress();
  const query = useDataset(datasetId);
  const { data, error } = query;
  usePageTitle(data === undefined ? 'Dataset' : `Dataset ${data.name}`);
  const back = (
    <Link to="/datasets" search={scope}>
      {texts.all}
    </Link>
  );
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <Flow
      title={<bdi>{data?.name ?? 'Dataset'}</bdi>}
      testId="dataset"
      head={
        <>
          {data !== undefined && !isGone && (
            <a href={exportPath(data.id)} download title={texts.exportHint}>
              {texts.export}
            </a>
          )}
          {back}
        </>
      }
    >
      {isGone ? (
        <EmptyState title={texts.gone}>{texts.goneHint}</EmptyState>
      ) : (
        <AnswerOf query={query} what="this dataset" lines={2}>
          {(dataset) => <Body key={dataset.id} dataset={dataset} />}
        </AnswerOf>
      )}
    </Flow>
  );
}

function Body({ dataset }: { readonly dataset: Dataset }) {
  return (
    <>
      {dataset.description !== undefined && (
        <p dir="auto" className={styles.muted}>
          {dataset.description}
        </p>
      )}
      <FlowNote>
        {plural(dataset.exampleCount, 'example')}, {formatBytes(dataset.bytes)}
      </FlowNote>
      <Examples datasetId={dataset.id} />
      <Change dataset={dataset} />
    </>
  );
}

function Examples({ datasetId }: { readonly datasetId: string }) {
  const { scope } = useAddress();
  const query = useExamples(datasetId);
  const { takeOut } = useDatasetChanges();
  return (
    <FlowSection title={texts.examples} testId="examples">
      {takeOut.isError && <ErrorNotice message={`Cannot take it out: ${takeOut.error.message}`} />}
      <AnswerOf query={query} what="its examples" lines={6}>
        {({ pages }) =>
          pages.every(({ examples }) => examples.length === 0) ? (
            <EmptyState title={texts.noExamples} isCompact>
              {texts.noExamplesHint}
            </EmptyState>
          ) : (
            <ol className={styles.items}>
              {pages
                .flatMap(({ examples }) => examples)
                .map((example) => (
                  <ExampleItem
                    key={example.id}
                    datasetId={datasetId}
                    example={example}
                    scope={scope}
                    onTakeOut={() => takeOut.mutate({ datasetId, id: example.id })}
                  />
                ))}
            </ol>
          )
        }
      </AnswerOf>
      {query.hasNextPage && (
        <Button
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage({ cancelRefetch: false })}
        >
          {query.isFetchingNextPage ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </FlowSection>
  );
}

/** Other words for it, and its end. */
function Change({ dataset }: { readonly dataset: Dataset }) {
  const { scope } = useAddress();
  const navigate = useNavigate();
  const { rename, remove } = useDatasetChanges();
  const [isAsked, setAsked] = useState(false);
  const onRemove = (): void =>
    remove.mutate(dataset.id, {
      onSuccess: () => void navigate({ to: '/datasets', search: scope }),
    });
  return (
    <FlowSection title="Change it">
      <Fold title={texts.rename}>
        <NamesForm
          label={texts.rename}
          submit={texts.keepNames}
          names={{ name: dataset.name, description: dataset.description ?? '' }}
          isBusy={rename.isPending}
          error={rename.error?.message}
          onSubmit={(names) => rename.mutate({ id: dataset.id, ...names })}
        />
      </Fold>
      {remove.isError && <ErrorNotice message={`Cannot delete it: ${remove.error.message}`} />}
      <div>
        <Button
          disabled={remove.isPending}
          onBlur={() => setAsked(false)}
          onClick={isAsked ? onRemove : () => setAsked(true)}
        >
          {isAsked ? texts.removeAll : texts.remove}
        </Button>
      </div>
    </FlowSection>
  );
}
