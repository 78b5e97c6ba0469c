// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { classNames } from './classNames';
import styles from './Tag.module.css';

export type Tone = 'ok' | 'error' | 'running' | 'warn' | 'quiet';

/** A small label on a tinted ground. */
export function Tag(props: {
  readonly tone?: Tone | 'demo';
  readonly title?: string;
  readonly children: ReactNode;
}) {
  const { tone = 'quiet', title, children } = props;
  return (
    <span className={classNames(styles.tag, styles[tone])} title={title}>
      {children}
    </span>
  );
}

/** A dot and a word; the dots differ in shape as well as in colour. */
export function StateMark(props: { readonly tone: Tone; readonly children?: ReactNode }) {
  return (
    <span className={styles.mark}>
      <span className={styles.dot} data-tone={props.tone} />
      {props.children}
    </span>
  );
}
