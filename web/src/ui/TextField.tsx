// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { classNames } from './classNames';
import styles from './Field.module.css';
import { Icon } from './Icon';
import type { IconName } from './Icon';
import { useShortcut } from './useShortcut';

const settleMs = 250;

/** A one-line text whose value is reported once typing rests, at Enter and when cleared. */
export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon?: IconName;
  readonly suggestions?: readonly string[];
  readonly className?: string | undefined;
  /** Pressed with this key alone, outside of any field, focus comes here. */
  readonly shortcut?: string;
}) {
  const { label, value, onChange, suggestions, shortcut } = props;
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  if (known !== value) {
    // The value changed from outside (a link, the back button): it replaces what was typed.
    setKnown(value);
    setDraft(value);
  }
  useEffect(() => {
    if (draft === value) return undefined;
    const timer = setTimeout(() => onChange(draft), settleMs);
    return () => clearTimeout(timer);
  }, [draft, value, onChange]);
  useShortcut(shortcut, () => input.current?.focus());
  const clear = (): void => {
    setDraft('');
    onChange('');
    input.current?.focus();
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
        value={draft}
        list={listId}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setDraft(event.target.value)}
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
      {suggestions !== undefined && (
        <datalist id={listId}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </span>
  );
}
