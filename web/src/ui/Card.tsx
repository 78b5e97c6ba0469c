// SPDX-License-Identifier: Apache-2.0

import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './Card.module.css';

/** A part of a page with a heading of its own. */
export function Card(props: {
  readonly title: string;
  /** Beside the heading: what it is about, or a control. */
  readonly end?: ReactNode;
  readonly children: ReactNode;
  readonly testId?: string;
}) {
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id} data-testid={props.testId}>
      <div className={styles.head}>
        <h2 id={id}>{props.title}</h2>
        {props.end !== undefined && <div className={styles.end}>{props.end}</div>}
      </div>
      {props.children}
    </section>
  );
}

/** Parts side by side where there is room for them. */
export function CardRow(props: { readonly children: ReactNode }) {
  return <div className={styles.row}>{props.children}</div>;
}
