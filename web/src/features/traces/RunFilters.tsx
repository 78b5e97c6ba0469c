// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { isFiltered } from '../../api/traceFilter';
import { statuses } from '../../model/status';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/SelectField';
import { TextField } from '../../ui/TextField';
import styles from './RunFilters.module.css';
import { noFilter } from './url';
import type { ListSearch } from './url';

const statusOptions = [
  { value: '', label: 'Any status' },
  ...statuses.map((status) => ({ value: status, label: status })),
];

function orUndefined(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

export function RunFilters(props: {
  readonly filter: ListSearch;
  readonly onChange: (change: ListSearch) => void;
  /** Agents seen so far, offered while typing. */
  readonly agents: readonly string[];
  readonly end: ReactNode;
}) {
  const { filter, onChange } = props;
  const hasError = filter.has_error === true;
  return (
    <search className={styles.bar} aria-label="Filter runs">
      <TextField
        label="Search messages and names"
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
        className={styles.agent}
        value={filter.agent ?? ''}
        suggestions={props.agents}
        onChange={(agent) => onChange({ agent: orUndefined(agent) })}
      />
      <TextField
        label="Session"
        className={styles.session}
        value={filter.session_id ?? ''}
        onChange={(session) => onChange({ session_id: orUndefined(session) })}
      />
      <Button
        aria-pressed={hasError}
        onClick={() => onChange({ has_error: hasError ? undefined : true })}
      >
        With errors
      </Button>
      {isFiltered(filter) && (
        <Button look="quiet" onClick={() => onChange(noFilter)}>
          Clear
        </Button>
      )}
      <div className={styles.end}>{props.end}</div>
    </search>
  );
}
