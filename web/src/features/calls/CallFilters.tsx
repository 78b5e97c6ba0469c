// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import {
  anyKind,
  callFilterParts,
  callKinds,
  callStatuses,
  noCallFilter,
  parseCallQuery,
  usualKind,
} from '../../model/callFilter';
import type { CallFilter } from '../../model/callFilter';
import { completions } from '../../model/queryText';
import type { UnknownToken } from '../../model/queryText';
import type { SearchTexts } from '../../model/searchTexts';
import { toSpanKind } from '../../model/span';
import { kindNames } from '../../parts/callColumns';
import { Chips } from '../../parts/FilterChips';
import { UnknownTokens } from '../../parts/UnknownTokens';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/SelectField';
import { TextField } from '../../ui/TextField';
import styles from './CallListPage.module.css';

const statusOptions = [
  { value: '', label: 'Any status' },
  ...callStatuses.map((status) => ({ value: status, label: status })),
];

/** Of one click each; the others are in the menu beside them. */
const kindButtons = [
  { kind: 'llm', label: 'Model calls' },
  { kind: 'tool', label: 'Tool calls' },
  { kind: anyKind, label: 'All steps' },
] as const;

const otherKinds = callKinds.filter((kind) => !kindButtons.some((button) => button.kind === kind));

function KindSwitch(props: {
  readonly kind: string;
  readonly onChange: (change: SearchTexts) => void;
}) {
  const { kind, onChange } = props;
  const choose = (chosen: string): void =>
    onChange({ kind: chosen === usualKind ? undefined : chosen });
  const isOther = otherKinds.includes(kind);
  return (
    <div role="group" aria-label="Kind of call" className={styles.kinds}>
      {kindButtons.map((button) => (
        <Button
          key={button.kind}
          aria-pressed={button.kind === kind}
          onClick={() => choose(button.kind)}
        >
          {button.label}
        </Button>
      ))}
      <SelectField
        label="Other kinds"
        className={styles.kind}
        value={isOther ? kind : ''}
        options={[
          { value: '', label: 'Others' },
          ...otherKinds.map((other) => ({ value: other, label: kindNames[toSpanKind(other)] })),
        ]}
        onChange={(chosen) => choose(chosen === '' ? usualKind : chosen)}
      />
    </div>
  );
}

function textLeft(typed: string): string {
  return parseCallQuery(typed).unknown.length > 0 ? typed : '';
}

export function CallFilters(props: {
  readonly asked: CallFilter;
  readonly onChange: (change: SearchTexts) => void;
  /** Names seen so far, by the filter that takes them, offered while typing. */
  readonly known: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly end: ReactNode;
}) {
  const { asked, onChange } = props;
  const [unknown, setUnknown] = useState<readonly UnknownToken[]>([]);
  const chips = callFilterParts(asked);
  const search = (typed: string): void => {
    if (typed.trim() === '') {
      setUnknown([]);
      return;
    }
    const parsed = parseCallQuery(typed);
    setUnknown(parsed.unknown);
    if (parsed.unknown.length === 0) onChange(parsed.change);
  };
  return (
    <search className={styles.bar} aria-label="Filter calls">
      <KindSwitch kind={asked.kind ?? anyKind} onChange={onChange} />
      <TextField
        label="Name of the call, or filters"
        title="The whole name of a call or tool; or filters such as model:name agent:name workflow:name cost>0.01 tokens>1000 duration>3s; Enter applies them"
        commit="enter"
        icon="search"
        shortcut="/"
        className={styles.text}
        value=""
        complete={(text) => [
          ...completions(text, props.known),
          ...(props.known['step_name'] ?? []).filter(
            (name) => text !== '' && name.toLowerCase().startsWith(text.toLowerCase()),
          ),
        ]}
        keep={textLeft}
        onChange={search}
      />
      <SelectField
        label="Status"
        className={styles.status}
        value={asked.filter.status ?? ''}
        options={statusOptions}
        onChange={(status) => onChange({ status: status === '' ? undefined : status })}
      />
      {chips.length > 0 && (
        <Button look="quiet" onClick={() => onChange(noCallFilter)}>
          Clear
        </Button>
      )}
      <div className={styles.end}>{props.end}</div>
      {chips.length > 0 && <Chips chips={chips} onChange={onChange} />}
      {unknown.length > 0 && <UnknownTokens tokens={unknown} />}
    </search>
  );
}
