// SPDX-License-Identifier: Apache-2.0

import { useKeyValues } from '../../api/measureQueries';
import type { Variable } from '../../model/dashboard';
import type { RunFilter } from '../../model/filterFields';
import type { MeasureKey } from '../../model/panelQuery';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { SelectField } from '../../ui/SelectField';
import { TextField } from '../../ui/TextField';
import styles from './Dashboards.module.css';
import { wordsOf } from './texts';

type Filters = Readonly<Record<string, string>>;

/** What a panel leaves out: a value for each key that it is filtered by, or a variable. */
export function FilterRows(props: {
  readonly filters: Filters;
  /** Those of the panel's source. */
  readonly keys: readonly MeasureKey[];
  readonly variables: readonly Variable[];
  readonly time: RunFilter;
  readonly onChange: (filters: Filters) => void;
}) {
  const { filters, keys, onChange } = props;
  const others = keys.filter(({ name }) => filters[name] === undefined);
  const without = (key: string): Filters =>
    Object.fromEntries(Object.entries(filters).filter(([name]) => name !== key));
  return (
    <div className={styles.picker} role="group" aria-label="Filters">
      <span className={styles.label}>Filters</span>
      {Object.entries(filters).map(([name, value]) => (
        <FilterRow
          key={name}
          name={name}
          measureKey={keys.find((key) => key.name === name)}
          value={value}
          variables={props.variables.filter(({ field }) => field === name)}
          time={props.time}
          onChange={(text) => onChange({ ...filters, [name]: text })}
          onRemove={() => onChange(without(name))}
        />
      ))}
      {others.length > 0 && (
        <SelectField
          label="Add a filter"
          value=""
          options={[
            { value: '', label: 'Add a filter' },
            ...others.map(({ name }) => ({ value: name, label: wordsOf(name) })),
          ]}
          onChange={(name) => name !== '' && onChange({ ...filters, [name]: '' })}
        />
      )}
    </div>
  );
}

function FilterRow(props: {
  readonly name: string;
  readonly measureKey: MeasureKey | undefined;
  readonly value: string;
  readonly variables: readonly Variable[];
  readonly time: RunFilter;
  readonly onChange: (value: string) => void;
  readonly onRemove: () => void;
}) {
  const { name, value, variables } = props;
  const values = useKeyValues(props.measureKey, props.time);
  const suggestions = [...variables.map((variable) => `$${variable.name}`), ...(values.data ?? [])];
  return (
    <div className={styles.filter}>
      <span className={styles.filterName}>{wordsOf(name)}</span>
      <TextField
        label={`${wordsOf(name)} is`}
        placeholder={variables[0] === undefined ? 'any' : `any, or $${variables[0].name}`}
        commit="enter"
        value={value}
        suggestions={suggestions}
        onChange={props.onChange}
      />
      <Button
        fit="icon"
        look="quiet"
        aria-label={`Take the filter ${wordsOf(name)} away`}
        onClick={props.onRemove}
      >
        <Icon name="close" size={12} />
      </Button>
    </div>
  );
}
