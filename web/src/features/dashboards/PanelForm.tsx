// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { useMeasurable } from '../../api/measureQueries';
import { panelKinds } from '../../model/dashboard';
import type { Panel, PanelKind, PanelPosition, Variable } from '../../model/dashboard';
import type { RunFilter } from '../../model/filterFields';
import { emptyQuery, problemOf, queryFor } from '../../model/panelQuery';
import { Button } from '../../ui/Button';
import { Drawer } from '../../ui/Drawer';
import { FormField } from '../../ui/FormField';
import { ErrorNotice, Note, Skeleton } from '../../ui/Notice';
import styles from './Dashboards.module.css';
import { Labelled } from './Labelled';
import { QueryFields } from './QueryFields';
import { kindNames } from './texts';

function ofKind(panel: Panel, kind: PanelKind): Panel {
  if (kind === 'text') return { ...panel, kind, query: undefined };
  return { ...panel, kind, text: '', query: queryFor(kind, panel.query ?? emptyQuery) };
}

/** What a panel asks and where it stands; the panel beside it follows every change. */
export function PanelForm(props: {
  readonly panel: Panel;
  readonly variables: readonly Variable[];
  readonly time: RunFilter;
  readonly onChange: (panel: Panel) => void;
  readonly onClose: () => void;
}) {
  const { panel, onChange, onClose } = props;
  const [first] = useState(panel);
  const problem = problemOf(panel);
  return (
    <Drawer title="Panel" testId="panel-form" onClose={onClose}>
      <form
        className={styles.form}
        aria-label="Panel"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
        }}
      >
        <FormField
          label="Title"
          maxLength={200}
          value={panel.title}
          onChange={(title) => onChange({ ...panel, title })}
        />
        <Labelled
          label="Kind"
          value={panel.kind}
          options={panelKinds.map((kind) => ({ value: kind, label: kindNames[kind] }))}
          onChange={(text) => {
            const kind = panelKinds.find((one) => one === text);
            if (kind !== undefined) onChange(ofKind(panel, kind));
          }}
        />
        {problem !== undefined && <Note>{problem}</Note>}
        <ContentFields {...props} />
        <PlaceFields
          place={panel.position}
          onChange={(position) => onChange({ ...panel, position })}
        />
        <div className={styles.buttons}>
          <Button type="submit">Done</Button>
          <Button look="quiet" onClick={() => onChange(first)}>
            Undo these changes
          </Button>
        </div>
      </form>
    </Drawer>
  );
}

function ContentFields(props: {
  readonly panel: Panel;
  readonly variables: readonly Variable[];
  readonly time: RunFilter;
  readonly onChange: (panel: Panel) => void;
}) {
  const { panel, onChange } = props;
  const list = useMeasurable();
  if (panel.kind === 'text')
    return (
      <FormField
        label="Text"
        rows={10}
        maxLength={20_000}
        hint="Markdown: **bold**, lists, tables, links"
        value={panel.text}
        onChange={(text) => onChange({ ...panel, text })}
      />
    );
  if (list.isError)
    return (
      <ErrorNotice
        message={`Cannot load what can be measured: ${list.error.message}`}
        onRetry={() => void list.refetch()}
      />
    );
  if (list.data === undefined) return <Skeleton width="60%" />;
  return (
    <QueryFields
      kind={panel.kind}
      query={panel.query ?? emptyQuery}
      list={list.data}
      variables={props.variables}
      time={props.time}
      onChange={(query) => onChange({ ...panel, query })}
    />
  );
}

const places = [
  { key: 'x', label: 'Column', from: 1 },
  { key: 'y', label: 'Row', from: 1 },
  { key: 'w', label: 'Width', from: 0 },
  { key: 'h', label: 'Height', from: 0 },
] as const;

/** Columns and rows are counted from 1, as people do. */
function PlaceFields(props: {
  readonly place: PanelPosition;
  readonly onChange: (place: PanelPosition) => void;
}) {
  const { place, onChange } = props;
  return (
    <div className={styles.row}>
      {places.map(({ key, label, from }) => (
        <FormField
          key={key}
          type="number"
          label={label}
          value={String(place[key] + from)}
          onChange={(text) => {
            const number = Math.trunc(Number(text));
            if (number >= 1) onChange({ ...place, [key]: number - from });
          }}
        />
      ))}
    </div>
  );
}
