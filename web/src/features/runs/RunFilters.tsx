// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import { filterFields, isFiltered } from '../../model/filterFields';
import type { FilterKey, RunFilter } from '../../model/filterFields';
import { completions, hasFilter, parseQuery } from '../../model/queryText';
import type { UnknownToken } from '../../model/queryText';
import { statuses } from '../../model/status';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/SelectField';
import { TextField } from '../../ui/TextField';
import { FilterChips } from '../../parts/FilterChips';
import { UnknownTokens } from '../../parts/UnknownTokens';
import styles from './RunFilters.module.css';
import type { SearchTexts } from '../../model/searchTexts';

const statusOptions = [
  { value: '', label: 'Any status' },
  ...statuses.map((status) => ({ value: status, label: status })),
];

function orUndefined(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

/** What stays in the field: filters have become chips, what is not understood can be corrected. */
function textLeft(typed: string): string {
  const { unknown, text } = parseQuery(typed);
  return unknown.length > 0 ? typed : text;
}

/** The change that takes every filter away. */
export const noFilter: SearchTexts = Object.fromEntries(
  filterFields.map(({ key }) => [key, undefined]),
);

export function RunFilters(props: {
  readonly filter: RunFilter;
  readonly onChange: (change: SearchTexts) => void;
  /** Names seen so far, by the filter that takes them, offered while typing. */
  readonly known: Readonly<Partial<Record<FilterKey, readonly string[]>>>;
  readonly end: ReactNode;
}) {
  const { filter, onChange } = props;
  const hasError = filter.has_error === 'true';
  const [unknown, setUnknown] = useState<readonly UnknownToken[]>([]);
  // Nothing is narrowed by half of what was typed.
  const search = (typed: string): void => {
    const parsed = parseQuery(typed);
    setUnknown(parsed.unknown);
    if (parsed.unknown.length === 0) onChange({ ...parsed.filters, q: orUndefined(parsed.text) });
  };
  return (
    <search className={styles.bar} aria-label="Filter runs">
      <TextField
        label="Search names, ids and messages"
        title="Text of messages, names of runs, workflows, agents, models, services, sessions and users, errors, run ids; a whole trace id; or filters such as status:failed agent:name has:error duration>30s"
        complete={(text) => completions(text, props.known)}
        keep={textLeft}
        needsEnter={hasFilter}
        icon="search"
        shortcut="/"
        className={styles.text}
        value={filter.q ?? ''}
        onChange={search}
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
        suggestions={props.known.agent ?? []}
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
      {unknown.length > 0 && <UnknownTokens tokens={unknown} />}
    </search>
  );
}
