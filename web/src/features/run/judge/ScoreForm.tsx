// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { useJudgementChanges } from '../../../api/judgementQueries';
import { parseScoreValue } from '../../../model/judgement';
import { Button } from '../../../ui/Button';
import { FormField } from '../../../ui/FormField';
import styles from './Judge.module.css';
import { most, texts } from './texts';

interface FormProps {
  /** Undefined for the run as a whole. */
  readonly spanId: string | undefined;
  readonly changes: ReturnType<typeof useJudgementChanges>;
}

const emptyScore = { name: '', value: '', comment: '' };

/** A name, a value and why. */
export function ScoreForm({ spanId, changes }: FormProps) {
  const { addScore } = changes;
  const [draft, setDraft] = useState(emptyScore);
  const [isChecked, setChecked] = useState(false);
  const name = draft.name.trim();
  const value = parseScoreValue(draft.value);
  const comment = draft.comment.trim() === '' ? undefined : draft.comment.trim();
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (name === '' || value === undefined || addScore.isPending) return;
    addScore.mutate(
      { name, value, comment, spanId },
      {
        onSuccess: () => {
          setDraft(emptyScore);
          setChecked(false);
        },
      },
    );
  };
  return (
    <form className={styles.form} aria-label={texts.give} onSubmit={onSubmit} noValidate>
      <FormField
        label={texts.name}
        hint={texts.nameHint}
        isRequired
        maxLength={most.name}
        problem={isChecked && name === '' ? texts.needed : undefined}
        value={draft.name}
        onChange={(text) => setDraft({ ...draft, name: text })}
      />
      <FormField
        label={texts.value}
        hint={texts.valueHint}
        isRequired
        maxLength={most.value}
        problem={isChecked && value === undefined ? texts.needed : undefined}
        value={draft.value}
        onChange={(text) => setDraft({ ...draft, value: text })}
      />
      <FormField
        className={styles.wide}
        label={texts.comment}
        maxLength={most.text}
        rows={2}
        problem={addScore.isError ? `Cannot keep it: ${addScore.error.message}` : undefined}
        value={draft.comment}
        onChange={(text) => setDraft({ ...draft, comment: text })}
      />
      <div className={styles.wide}>
        <Button type="submit" aria-disabled={addScore.isPending}>
          {texts.giveIt}
        </Button>
      </div>
    </form>
  );
}

/** A text that judges nothing. */
export function NoteForm({ spanId, changes }: FormProps) {
  const { addNote } = changes;
  const [text, setText] = useState('');
  const [isChecked, setChecked] = useState(false);
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (text.trim() === '' || addNote.isPending) return;
    addNote.mutate(
      { text: text.trim(), spanId },
      {
        onSuccess: () => {
          setText('');
          setChecked(false);
        },
      },
    );
  };
  const problem = addNote.isError
    ? `Cannot keep it: ${addNote.error.message}`
    : isChecked && text.trim() === ''
      ? texts.needed
      : undefined;
  return (
    <form className={styles.form} aria-label={texts.write} onSubmit={onSubmit} noValidate>
      <FormField
        className={styles.wide}
        label={texts.note}
        isRequired
        maxLength={most.text}
        rows={3}
        problem={problem}
        value={text}
        onChange={setText}
      />
      <div className={styles.wide}>
        <Button type="submit" aria-disabled={addNote.isPending}>
          {texts.writeIt}
        </Button>
      </div>
    </form>
  );
}
