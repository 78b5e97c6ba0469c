// SPDX-License-Identifier: Apache-2.0

import { useId } from 'react';
import { classNames } from './classNames';
import styles from './FormField.module.css';

/** A field of a form with its name above it and, below, what it takes or what is wrong with it. */
export function FormField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string | undefined;
  /** What is wrong with the value. */
  readonly problem?: string | undefined;
  readonly type?: 'text' | 'date' | 'number';
  readonly inputMode?: 'text' | 'decimal';
  readonly isRequired?: boolean;
  readonly maxLength?: number;
  /** Several lines. */
  readonly rows?: number;
  readonly className?: string | undefined;
}) {
  const id = useId();
  const { problem, hint, maxLength = 1000 } = props;
  const below = problem ?? hint;
  const shared = {
    id,
    value: props.value,
    required: props.isRequired === true,
    maxLength,
    'aria-invalid': problem !== undefined,
    'aria-describedby': below === undefined ? undefined : `${id}-below`,
    className: styles.input,
    spellCheck: false,
    autoComplete: 'off',
  };
  return (
    <div className={classNames(styles.field, props.className)}>
      <label htmlFor={id}>{props.label}</label>
      {props.rows === undefined ? (
        <input
          {...shared}
          type={props.type ?? 'text'}
          inputMode={props.inputMode}
          onChange={(event) => props.onChange(event.target.value)}
        />
      ) : (
        <textarea
          {...shared}
          rows={props.rows}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
      {below !== undefined && (
        <span
          id={`${id}-below`}
          className={problem === undefined ? styles.hint : styles.problem}
          role={problem === undefined ? undefined : 'alert'}
        >
          {below}
        </span>
      )}
    </div>
  );
}
