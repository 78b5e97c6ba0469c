// SPDX-License-Identifier: Apache-2.0

import { useMeasurable } from '../../api/measureQueries';
import { plural } from '../../base/format';
import type { DashboardDocument, Variable } from '../../model/dashboard';
import {
  addVariable,
  changeVariable,
  filterAllBy,
  mostVariables,
  removeVariable,
  usesOf,
  variableProblem,
} from '../../model/dashboardEdits';
import { Button } from '../../ui/Button';
import { Fold } from '../../ui/Fold';
import { FormField } from '../../ui/FormField';
import styles from './Dashboards.module.css';
import { Labelled } from './Labelled';
import { texts, wordsOf } from './texts';

/** The variables of a dashboard: which filter each of them is, and what it begins with. */
export function VariablesEditor(props: {
  readonly document: DashboardDocument;
  readonly onChange: (document: DashboardDocument) => void;
}) {
  const { document: content, onChange } = props;
  const { variables } = content;
  const keys = useMeasurable().data?.keys ?? [];
  return (
    <Fold
      title={texts.variables}
      note={variables.length === 0 ? 'none' : variables.length}
      testId="variables"
    >
      <div className={styles.form}>
        <p className={styles.hint}>{texts.variablesHint}</p>
        {variables.map((variable, index) => (
          <div
            key={index}
            className={styles.variableRow}
            role="group"
            aria-label={`Variable ${variable.name}`}
          >
            <VariableInputs
              variable={variable}
              problem={variableProblem(variables, variable)}
              fields={keys.map(({ name }) => name)}
              onChange={(changed) => onChange(changeVariable(content, variable.name, changed))}
            />
            <span className={styles.hint}>{plural(usesOf(content, variable.name), 'panel')}</span>
            <Button onClick={() => onChange(filterAllBy(content, variable, keys))}>
              {texts.filterAll}
            </Button>
            <Button onClick={() => onChange(removeVariable(content, variable.name))}>
              {`Remove ${variable.name}`}
            </Button>
          </div>
        ))}
        {variables.length < mostVariables && (
          <div className={styles.buttons}>
            <Button onClick={() => onChange(addVariable(content, keys))}>
              {texts.addVariable}
            </Button>
          </div>
        )}
      </div>
    </Fold>
  );
}

function VariableInputs(props: {
  readonly variable: Variable;
  readonly problem: string | undefined;
  readonly fields: readonly string[];
  readonly onChange: (variable: Variable) => void;
}) {
  const { variable, fields, onChange } = props;
  const known = fields.includes(variable.field) ? fields : [variable.field, ...fields];
  return (
    <>
      <FormField
        label={texts.variableName}
        maxLength={40}
        value={variable.name}
        problem={props.problem}
        onChange={(name) => onChange({ ...variable, name })}
      />
      <Labelled
        label={texts.variableField}
        value={variable.field}
        options={known.map((name) => ({ value: name, label: wordsOf(name) }))}
        onChange={(field) => onChange({ ...variable, field, value: '' })}
      />
      <FormField
        label={texts.variableLabel}
        maxLength={200}
        value={variable.label}
        onChange={(label) => onChange({ ...variable, label })}
      />
      <FormField
        label={texts.variableValue}
        maxLength={500}
        value={variable.value}
        onChange={(value) => onChange({ ...variable, value })}
      />
    </>
  );
}
