// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { classNames } from './classNames';
import styles from './Field.module.css';
import { Icon } from './Icon';
import type { IconName } from './Icon';
import { useCommand } from './commands';

const settleMs = 250;

function useFocusCommand(title: string, key: string | undefined, run: () => void): void {
  useCommand(key === undefined ? undefined : { id: title, title, key, run });
}

/** A one-line text whose value is reported at Enter and when cleared, and, unless told otherwise, once typing rests. */
export function TextField(props: {
  readonly label: string;
  readonly title?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon?: IconName;
  readonly suggestions?: readonly string[];
  readonly className?: string | undefined;
  /** Pressed with this key alone, outside of any field, focus comes here. */
  readonly shortcut?: string;
  /** `enter`: a half-typed text means nothing, so it is reported at Enter and when the field is left. */
  readonly commit?: 'rest' | 'enter';
}) {
  const { label, value, onChange, suggestions, shortcut, commit = 'rest' } = props;
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  if (known !== value) {
    // The value changed from outside (a link, the back button): it replaces what was typed.
    setKnown(value);
    setDraft(value);
  }
  useEffect(() => {
    if (draft === value || commit === 'enter') return undefined;
    const timer = setTimeout(() => onChange(draft), settleMs);
    return () => clearTimeout(timer);
  }, [draft, value, onChange, commit]);
  const focus = useCallback(() => input.current?.focus(), []);
  useFocusCommand(label, shortcut, focus);
  const clear = (): void => {
    setDraft('');
    onChange('');
    input.current?.focus();
  };
  const change = (text: string): void => {
    setDraft(text);
    // Taken from the list of suggestions: it is whole.
    if (suggestions?.includes(text) === true) onChange(text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onChange(draft);
    if (event.key === 'Escape' && draft !== '') {
      event.stopPropagation();
      clear();
    }
  };
  const listId = suggestions === undefined ? undefined : `suggest-${label.replace(/\W+/g, '-')}`;
  return (
    <span className={classNames(styles.field, props.className)}>
      {props.icon !== undefined && <Icon name={props.icon} />}
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        title={props.title}
        value={draft}
        list={listId}
        spellCheck={false}
        autoComplete="off"
        dir="auto"
        onChange={(event) => change(event.target.value)}
        onBlur={() => draft !== value && onChange(draft)}
        onKeyDown={onKeyDown}
      />
      {draft !== '' && (
        <button
          type="button"
          className={styles.clear}
          aria-label={`Clear ${label}`}
          onClick={clear}
        >
          <Icon name="close" size={12} />
        </button>
      )}
      {suggestions !== undefined && <Suggestions id={listId} texts={suggestions} />}
    </span>
  );
}

function Suggestions(props: {
  readonly id: string | undefined;
  readonly texts: readonly string[];
}) {
  return (
    <datalist id={props.id}>
      {props.texts.map((text) => (
        <option key={text} value={text} />
      ))}
    </datalist>
  );
}
