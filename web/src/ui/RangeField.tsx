// SPDX-License-Identifier: Apache-2.0

import { useId, useState } from 'react';
import type { FocusEvent, KeyboardEvent, SyntheticEvent } from 'react';
import { classNames } from './classNames';
import fieldStyles from './Field.module.css';
import styles from './RangeField.module.css';

/** The ends of a range as texts; an absent end is open. */
export interface RangeTexts {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface RangeFieldProps {
  /** With its unit, such as "Duration, seconds". */
  readonly label: string;
  readonly range: RangeTexts;
  /** What is wrong with an end, in words; undefined for one that can be asked for. */
  readonly refuses: (text: string) => string | undefined;
  readonly onChange: (range: RangeTexts) => void;
}

function cleaned(text: string): string | undefined {
  const trimmed = text.trim().replace(',', '.');
  return trimmed === '' ? undefined : trimmed;
}

function problemOf(range: RangeTexts, refuses: RangeFieldProps['refuses']): string | undefined {
  const refusal = [range.from, range.to]
    .map((text) => (text === undefined ? undefined : refuses(text)))
    .find((one) => one !== undefined);
  if (refusal !== undefined) return `Needs ${refusal}`;
  const isTurned =
    range.from !== undefined && range.to !== undefined && Number(range.from) > Number(range.to);
  return isTurned ? 'The first is the larger one' : undefined;
}

/** Two ends that can be typed. Enter asks for them, as does leaving them; Escape takes back what was typed. */
export function RangeField(props: RangeFieldProps) {
  const { label, range, refuses, onChange } = props;
  const asked = { from: range.from ?? '', to: range.to ?? '' };
  const [draft, setDraft] = useState(asked);
  const [known, setKnown] = useState(asked);
  const problemId = useId();
  if (known.from !== asked.from || known.to !== asked.to) {
    // Asked for elsewhere: by the address, or by a chip that takes it away.
    setKnown(asked);
    setDraft(asked);
  }
  const typed = { from: cleaned(draft.from), to: cleaned(draft.to) };
  const problem = problemOf(typed, refuses);
  const isChanged = typed.from !== range.from || typed.to !== range.to;
  const apply = (): void => {
    if (isChanged && problem === undefined) onChange(typed);
  };
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    apply();
  };
  // Not when the other end is gone to.
  const onBlur = (event: FocusEvent<HTMLInputElement>): void => {
    if (event.currentTarget.form?.contains(event.relatedTarget) !== true) apply();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || (draft.from === asked.from && draft.to === asked.to)) return;
    event.stopPropagation();
    setDraft(asked);
  };
  const end = (which: 'from' | 'to', word: string) => (
    <span className={classNames(fieldStyles.field, styles.end)}>
      <input
        type="text"
        inputMode="decimal"
        aria-label={`${label}, ${word}`}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        placeholder={word}
        value={draft[which]}
        onChange={(event) => setDraft({ ...draft, [which]: event.target.value })}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      />
    </span>
  );
  return (
    <form className={styles.range} aria-label={label} onSubmit={onSubmit}>
      <h3>{label}</h3>
      <div className={styles.ends}>
        {end('from', 'at least')}
        {end('to', 'at most')}
      </div>
      {problem !== undefined && (
        <p id={problemId} role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {/* Enter in a form with two fields needs it. */}
      <button type="submit" className="visually-hidden" tabIndex={-1}>
        Narrow by {label}
      </button>
    </form>
  );
}
