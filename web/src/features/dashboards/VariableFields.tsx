// SPDX-License-Identifier: Apache-2.0

import { useMeasurable, useKeyValues } from '../../api/measureQueries';
import type { Variable } from '../../model/dashboard';
import type { RunFilter } from '../../model/filterFields';
import { useAddress } from '../../parts/useAddress';
import { TextField } from '../../ui/TextField';
import styles from './Dashboards.module.css';
import { texts, wordsOf } from './texts';
import { variableKey } from './useVariables';

/** The values of the variables, as they are looked at now; the address keeps them. */
export function VariableFields(props: {
  readonly variables: readonly Variable[];
  readonly values: Readonly<Record<string, string>>;
  readonly time: RunFilter;
}) {
  if (props.variables.length === 0) return undefined;
  return (
    <div className={styles.variables} role="group" aria-label={texts.variables}>
      {props.variables.map((variable) => (
        <VariableField
          key={variable.name}
          variable={variable}
          value={props.values[variable.name] ?? ''}
          time={props.time}
        />
      ))}
    </div>
  );
}

function VariableField(props: {
  readonly variable: Variable;
  readonly value: string;
  readonly time: RunFilter;
}) {
  const { variable, value, time } = props;
  const { change } = useAddress();
  const { data } = useMeasurable();
  const values = useKeyValues(
    data?.keys.find(({ name }) => name === variable.field),
    time,
  );
  const label = variable.label === '' ? wordsOf(variable.field) : variable.label;
  const onChange = (text: string): void => {
    const wanted = text.trim();
    change({ [variableKey(variable.name)]: wanted === '' ? undefined : wanted });
  };
  return (
    <span className={styles.variable}>
      <span aria-hidden="true" dir="auto">
        {label}
      </span>
      <TextField
        label={label}
        placeholder={texts.any}
        commit="enter"
        value={value}
        suggestions={values.data ?? []}
        onChange={onChange}
      />
    </span>
  );
}
