// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useDatasetChanges, useDatasets } from '../../../api/datasetQueries';
import { formatCount } from '../../../base/format';
import { findDatasets } from '../../../model/dataset';
import type { Dataset } from '../../../model/dataset';
import { AnswerOf } from '../../../parts/AnswerOf';
import { Button } from '../../../ui/Button';
import { FormField } from '../../../ui/FormField';
import { EmptyState, ErrorNotice } from '../../../ui/Notice';
import { SelectField } from '../../../ui/SelectField';
import { TextField } from '../../../ui/TextField';
import styles from './Judge.module.css';
import { most, texts } from './texts';

/** So many datasets are seen at a glance. */
const fewDatasets = 8;

/** What is added, the datasets it can be added to, and a new one. */
export function DatasetPicker(props: {
  readonly traceId: string;
  /** The step that is selected. */
  readonly span: { readonly id: string; readonly title: string } | undefined;
}) {
  const { traceId, span } = props;
  const datasets = useDatasets();
  const { create, add } = useDatasetChanges();
  const [what, setWhat] = useState<'run' | 'step'>('run');
  const { refetch } = datasets;
  // Others may have made some since the page was opened.
  useEffect(() => void refetch(), [refetch]);
  const spanId = what === 'step' ? span?.id : undefined;
  const isBusy = create.isPending || add.isPending;
  const addTo = (datasetId: string): void => {
    if (!isBusy) add.mutate({ datasetId, traceId, spanId });
  };
  const added = add.isSuccess && datasets.data?.find(({ id }) => id === add.data);
  const error = create.error ?? add.error;
  return (
    <>
      {span !== undefined && (
        <SelectField
          label={texts.what}
          value={what}
          options={[
            { value: 'run', label: texts.addRun },
            { value: 'step', label: `${texts.addStep} ${span.title}` },
          ]}
          onChange={(value) => setWhat(value === 'step' ? 'step' : 'run')}
        />
      )}
      <AnswerOf query={datasets} what="datasets" lines={4}>
        {(list) => <Choices datasets={list} isBusy={isBusy} onPick={addTo} />}
      </AnswerOf>
      <NewDataset
        isBusy={isBusy}
        onMake={(name, onDone) =>
          create.mutate(
            { name },
            {
              onSuccess: ({ id }) => {
                onDone();
                add.mutate({ datasetId: id, traceId, spanId });
              },
            },
          )
        }
      />
      {error !== null && <ErrorNotice message={`Cannot add it: ${error.message}`} />}
      <p role="status">
        {added !== false && added !== undefined && (
          <>
            Added to{' '}
            <Link to="/datasets/$datasetId" params={{ datasetId: added.id }} dir="auto">
              {added.name}
            </Link>
            .
          </>
        )}
      </p>
    </>
  );
}

function Choices(props: {
  readonly datasets: readonly Dataset[];
  readonly isBusy: boolean;
  readonly onPick: (id: string) => void;
}) {
  const { datasets } = props;
  const [wanted, setWanted] = useState('');
  const found = findDatasets(datasets, wanted);
  if (datasets.length === 0) return <EmptyState title={texts.noDatasets} isCompact />;
  return (
    <>
      {datasets.length > fewDatasets && (
        <TextField label={texts.find} icon="search" value={wanted} onChange={setWanted} />
      )}
      {found.length === 0 && (
        <EmptyState title={`None of ${datasets.length} datasets is called “${wanted}”`} isCompact />
      )}
      <ul className={styles.picker} aria-label="Datasets">
        {found.map((dataset) => (
          <li key={dataset.id}>
            <Button
              look="quiet"
              className={styles.pick}
              aria-disabled={props.isBusy}
              title={dataset.description}
              onClick={() => props.onPick(dataset.id)}
            >
              <bdi>{dataset.name}</bdi>
              <span className={styles.muted}>{formatCount(dataset.exampleCount)}</span>
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

function NewDataset(props: {
  readonly isBusy: boolean;
  readonly onMake: (name: string, onDone: () => void) => void;
}) {
  const [name, setName] = useState('');
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name.trim() !== '' && !props.isBusy) props.onMake(name.trim(), () => setName(''));
  };
  return (
    <form aria-label={texts.newDataset} className={styles.form} onSubmit={onSubmit}>
      <FormField
        className={styles.wide}
        label={texts.newDataset}
        maxLength={most.dataset}
        value={name}
        onChange={setName}
      />
      <div className={styles.wide}>
        <Button type="submit" disabled={name.trim() === '' || props.isBusy}>
          {texts.makeAndAdd}
        </Button>
      </div>
    </form>
  );
}
