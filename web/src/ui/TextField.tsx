// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useId, useRef, useState } from 'react';
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

/** Reports a text once typing rests; undefined waits for nothing. */
function useSettled(draft: string | undefined, report: (text: string) => void): void {
  useEffect(() => {
    if (draft === undefined) return undefined;
    const timer = setTimeout(() => report(draft), settleMs);
    return () => clearTimeout(timer);
  }, [draft, report]);
}

interface TextFieldProps {
  readonly label: string;
  /** What stands in the empty field; its name if not given. */
  readonly placeholder?: string;
  readonly title?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon?: IconName;
  readonly suggestions?: readonly string[];
  /** The same, for what is typed so far. */
  readonly complete?: (text: string) => readonly string[];
  /** Whether what is typed so far means something only once Enter says that it is whole. */
  readonly needsEnter?: (text: string) => boolean;
  /** What stays in the field of a text that was reported; all of it if not given. */
  readonly keep?: (text: string) => string;
  readonly className?: string | undefined;
  /** Pressed with this key alone, outside of any field, focus comes here. */
  readonly shortcut?: string;
  /** `enter`: a half-typed text means nothing, so it is reported at Enter and when the field is left. */
  readonly commit?: 'rest' | 'enter';
}

/** A one-line text whose value is reported at Enter and when cleared, and, unless told otherwise, once typing rests. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, keep, complete, shortcut, commit = 'rest' } = props;
  const [draft, setDraft] = useState(value);
  const listId = useId();
  const suggestions = complete === undefined ? props.suggestions : complete(draft);
  const report = useCallback(
    (text: string): void => {
      onChange(text);
      if (keep !== undefined) setDraft(keep(text));
    },
    [onChange, keep],
  );
  const [known, setKnown] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  // The value changed from outside (a link, the back button): it replaces what was typed.
  if (known !== value) {
    setKnown(value);
    setDraft(value);
  }
  const waits = commit === 'enter' || props.needsEnter?.(draft) === true;
  useSettled(draft === value || waits ? undefined : draft, report);
  useFocusCommand(label, shortcut, () => input.current?.focus());
  const clear = (): void => {
    setDraft('');
    onChange('');
    input.current?.focus();
  };
  const change = (text: string): void => {
    setDraft(text);
    // Taken from the list of suggestions: it is whole.
    if (suggestions?.includes(text) === true && !text.endsWith(':')) report(text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') report(draft);
    if (event.key !== 'Escape') return;
    // Out of an empty field, so that keys are commands again.
    if (draft === '') return input.current?.blur();
    event.stopPropagation();
    clear();
  };
  return (
    <span className={classNames(styles.field, props.className)}>
      {props.icon !== undefined && <Icon name={props.icon} />}
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={props.placeholder ?? label}
        title={props.title}
        value={draft}
        list={suggestions && listId}
        spellCheck={false}
        autoComplete="off"
        dir="auto"
        onChange={(event) => change(event.target.value)}
        onBlur={() => draft !== value && report(draft)}
        onKeyDown={onKeyDown}
      />
      {draft !== '' && <ClearButton label={label} onClick={clear} />}
      {suggestions !== undefined && <Suggestions id={listId} texts={suggestions} />}
    </span>
  );
}

function ClearButton(props: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button
      type="button"
      className={styles.clear}
      aria-label={`Clear ${props.label}`}
      onClick={props.onClick}
    >
      <Icon name="close" size={12} />
    </button>
  );
}

function Suggestions(props: { readonly id: string; readonly texts: readonly string[] }) {
  return (
    <datalist id={props.id}>
      {props.texts.map((text) => (
        <option key={text} value={text} />
      ))}
    </datalist>
  );
}
