// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { filterFields, isFiltered } from '../../model/filterFields';
import type { RunFilter } from '../../model/filterFields';
import { statuses } from '../../model/status';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/SelectField';
import { TextField } from '../../ui/TextField';
import { FilterChips } from '../../parts/FilterChips';
import styles from './RunFilters.module.css';
import type { SearchTexts } from '../../model/searchTexts';

const statusOptions = [
  { value: '', label: 'Any status' },
  ...statuses.map((status) => ({ value: status, label: status })),
];

function orUndefined(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

/** The change that takes every filter away. */
export const noFilter: SearchTexts = Object.fromEntries(
  filterFields.map(({ key }) => [key, undefined]),
);

export function RunFilters(props: {
  readonly filter: RunFilter;
  readonly onChange: (change: SearchTexts) => void;
  /** Agents seen so far, offered while typing. */
  readonly agents: readonly string[];
  readonly end: ReactNode;
}) {
  const { filter, onChange } = props;
  const hasError = filter.has_error === 'true';
  return (
    <search className={styles.bar} aria-label="Filter runs">
      <TextField
        label="Search names, ids and messages"
        title="Text of messages, names of runs, workflows, agents, models, services, sessions and users, errors, run ids; or a whole trace id"
        icon="search"
        shortcut="/"
        className={styles.text}
        value={filter.q ?? ''}
        onChange={(text) => onChange({ q: orUndefined(text) })}
      />
      <SelectField
        label="Status"
        className={styles.status}
        value={filter.status ?? ''}
        options={statusOptions}
        onChange={(status) => onChange({ status: orUndefined(status) })}
      />
      <TextField
        label="Agent"
        title="The whole name of any agent that took part; Enter applies it"
        commit="enter"
        className={styles.agent}
        value={filter.agent ?? ''}
        suggestions={props.agents}
        onChange={(agent) => onChange({ agent: orUndefined(agent) })}
      />
      <Button
        aria-pressed={hasError}
        title="Only runs in which some span failed, whether or not the run recovered"
        onClick={() => onChange({ has_error: hasError ? undefined : 'true' })}
      >
        Has errors
      </Button>
      {isFiltered(filter) && (
        <Button look="quiet" onClick={() => onChange(noFilter)}>
          Clear
        </Button>
      )}
      <div className={styles.end}>{props.end}</div>
      {isFiltered(filter) && <FilterChips filter={filter} onChange={onChange} />}
    </search>
  );
}
