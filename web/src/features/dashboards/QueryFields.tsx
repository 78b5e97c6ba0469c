// SPDX-License-Identifier: Apache-2.0

import type { Measurable } from '../../api/measureQueries';
import type { PanelKind, PanelQuery, Variable } from '../../model/dashboard';
import type { RunFilter } from '../../model/filterFields';
import {
  hasKey,
  keysOf,
  measuresOf,
  mostGroups,
  mostKeys,
  mostMeasures,
  querySource,
} from '../../model/panelQuery';
import { FormField } from '../../ui/FormField';
import styles from './Dashboards.module.css';
import { FilterRows } from './FilterRows';
import { Labelled } from './Labelled';
import { NamePicker } from './NamePicker';
import { wordsOf } from './texts';

const buckets = [
  { value: '', label: 'As fits the time' },
  { value: '60', label: '1 minute' },
  { value: '300', label: '5 minutes' },
  { value: '900', label: '15 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '21600', label: '6 hours' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '1 week' },
] as const;
const noBuckets = [{ value: '', label: 'None: a bar for each group' }, ...buckets.slice(1)];

/** How many of a list's measures a panel of each kind shows. */
function measureHint(kind: PanelKind): string {
  const isMany = kind === 'figure' || kind === 'table' || kind === 'top';
  return isMany ? 'The first one counts most; the others stand beside it.' : 'The first is drawn.';
}

function bucketOptions(kind: PanelKind, bucket: number | undefined) {
  const options: readonly { value: string; label: string }[] =
    kind === 'bars' ? noBuckets : buckets;
  const isKnown = bucket === undefined || options.some(({ value }) => value === String(bucket));
  return isKnown ? options : [...options, { value: String(bucket), label: `${bucket} s` }];
}

/** What a panel asks. Only what its source has can be chosen. */
export function QueryFields(props: {
  readonly kind: PanelKind;
  readonly query: PanelQuery;
  readonly list: Measurable;
  readonly variables: readonly Variable[];
  readonly time: RunFilter;
  readonly onChange: (query: PanelQuery) => void;
}) {
  const { kind, query, list, onChange } = props;
  const keys = list.keys.filter((key) => hasKey(key, query.source));
  const ask = (change: Partial<PanelQuery>): void => onChange({ ...query, ...change });
  const measures = measuresOf(query);
  return (
    <>
      <Labelled
        label="Of"
        value={query.source}
        options={[
          { value: 'runs', label: 'Runs' },
          { value: 'steps', label: 'Steps: calls of models, tools and agents' },
        ]}
        onChange={(source) =>
          onChange(querySource(query, source === 'steps' ? 'steps' : 'runs', list.keys))
        }
      />
      <NamePicker
        label="Measures"
        addLabel="Add a measure"
        hint={measureHint(kind)}
        chosen={measures}
        choices={list.measures}
        most={mostMeasures}
        onChange={(chosen) =>
          ask({
            measure: chosen.join(','),
            sort: chosen.includes(query.sort.replace('-', '')) ? query.sort : '',
          })
        }
      />
      {kind !== 'figure' && (
        <NamePicker
          label="Split by"
          addLabel="Add a key"
          hint={kind === 'heatmap' ? 'One: over time. Two: rows and columns.' : 'At most three.'}
          chosen={keysOf(query)}
          choices={keys.map(({ name }) => ({ name, description: '' }))}
          most={kind === 'heatmap' ? 2 : mostKeys}
          onChange={(chosen) => ask({ by: chosen.join(',') })}
        />
      )}
      <FilterRows
        filters={query.filters}
        keys={keys}
        variables={props.variables}
        time={props.time}
        onChange={(filters) => ask({ filters })}
      />
      <OrderFields kind={kind} query={query} ask={ask} />
    </>
  );
}

/** In which order the groups come, how many, and how fine their time is. */
function OrderFields(props: {
  readonly kind: PanelKind;
  readonly query: PanelQuery;
  readonly ask: (change: Partial<PanelQuery>) => void;
}) {
  const { kind, query, ask } = props;
  const sorts = measuresOf(query).flatMap((name) => [
    { value: `-${name}`, label: `${wordsOf(name)}, largest first` },
    { value: name, label: `${wordsOf(name)}, smallest first` },
  ]);
  const isSorted = sorts.some(({ value }) => value === query.sort);
  return (
    <>
      {kind !== 'figure' && (
        <div className={styles.pair}>
          <Labelled
            label="Sort"
            value={isSorted ? query.sort : ''}
            options={[{ value: '', label: 'Largest first' }, ...sorts]}
            onChange={(sort) => ask({ sort })}
          />
          <FormField
            type="number"
            label="Groups at most"
            value={query.limit === undefined ? '' : String(query.limit)}
            onChange={(text) => {
              const limit = Math.trunc(Number(text));
              ask({ limit: limit >= 1 ? Math.min(limit, mostGroups) : undefined });
            }}
          />
        </div>
      )}
      {(kind === 'trend' || kind === 'bars' || kind === 'heatmap') && (
        <Labelled
          label="Step of time"
          value={query.bucket === undefined ? '' : String(query.bucket)}
          options={bucketOptions(kind, query.bucket)}
          onChange={(text) => ask({ bucket: text === '' ? undefined : Number(text) })}
        />
      )}
    </>
  );
}
