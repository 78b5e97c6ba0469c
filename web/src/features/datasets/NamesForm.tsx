// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Button } from '../../ui/Button';
import { FormField } from '../../ui/FormField';
import styles from './Datasets.module.css';
import { most, texts } from './texts';

export interface Names {
  readonly name: string;
  readonly description: string;
}

/** What a dataset is called, and what it is for. */
export function NamesForm(props: {
  readonly label: string;
  readonly submit: string;
  readonly names: Names;
  readonly isBusy: boolean;
  /** Why it was not kept. */
  readonly error: string | undefined;
  readonly onSubmit: (names: Names) => void;
}) {
  const [draft, setDraft] = useState(props.names);
  const name = draft.name.trim();
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name !== '' && !props.isBusy)
      props.onSubmit({ name, description: draft.description.trim() });
  };
  return (
    <form className={styles.form} aria-label={props.label} onSubmit={onSubmit}>
      <FormField
        label={texts.name}
        isRequired
        maxLength={most.name}
        problem={props.error === undefined ? undefined : `Cannot keep it: ${props.error}`}
        value={draft.name}
        onChange={(text) => setDraft({ ...draft, name: text })}
      />
      <FormField
        label={texts.description}
        maxLength={most.description}
        value={draft.description}
        onChange={(text) => setDraft({ ...draft, description: text })}
      />
      <div>
        <Button type="submit" disabled={name === '' || props.isBusy}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}
