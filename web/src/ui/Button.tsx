// SPDX-License-Identifier: Apache-2.0

import type { ButtonHTMLAttributes } from 'react';
import styles from './Button.module.css';
import { classNames } from './classNames';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'normal' | 'quiet';
  readonly fit?: 'normal' | 'small' | 'icon';
}

export function Button(props: ButtonProps) {
  const { look = 'normal', fit = 'normal', className, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={classNames(
        styles.button,
        look === 'quiet' && styles.quiet,
        fit !== 'normal' && styles[fit],
        className,
      )}
    />
  );
}
