// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import type { ReactNode } from 'react';
import styles from './Fold.module.css';

/** What is folded away under its title; drawn only while it is open. */
export function Fold(props: {
  readonly title: ReactNode;
  /** What stands behind the title: how much there is. */
  readonly note?: ReactNode;
  readonly isOpen?: boolean;
  readonly onToggle?: (isOpen: boolean) => void;
  readonly testId?: string;
  readonly children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(props.isOpen ?? false);
  return (
    <details
      className={styles.fold}
      open={isOpen}
      data-testid={props.testId}
      onToggle={(event) => {
        const now = event.currentTarget.open;
        if (now === isOpen) return;
        setOpen(now);
        props.onToggle?.(now);
      }}
    >
      <summary>
        {props.title}
        {props.note !== undefined && <span className={styles.note}>{props.note}</span>}
      </summary>
      {isOpen && <div className={styles.body}>{props.children}</div>}
    </details>
  );
}
