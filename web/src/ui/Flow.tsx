// SPDX-License-Identifier: Apache-2.0

import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './Flow.module.css';

/** A page that reads from top to bottom: its name, and what belongs to all of it. */
export function Flow(props: {
  readonly title: ReactNode;
  /** What stands beside the title. */
  readonly head?: ReactNode;
  readonly children: ReactNode;
  readonly testId?: string;
}) {
  return (
    <div className={styles.page} data-testid={props.testId}>
      <div className={styles.head}>
        <h1 className={styles.title} tabIndex={-1} dir="auto">
          {props.title}
        </h1>
        {props.head}
      </div>
      {props.children}
    </div>
  );
}

/** A part of such a page with a heading of its own. */
export function FlowSection(props: {
  readonly title: ReactNode;
  /** What stands beside the heading. */
  readonly head?: ReactNode;
  readonly children: ReactNode;
  readonly testId?: string;
}) {
  const titleId = useId();
  return (
    <section className={styles.section} aria-labelledby={titleId} data-testid={props.testId}>
      <div className={styles.head}>
        <h2 id={titleId}>{props.title}</h2>
        {props.head}
      </div>
      {props.children}
    </section>
  );
}

/** Words of explanation beside or below a heading. */
export function FlowNote(props: { readonly children: ReactNode; readonly testId?: string }) {
  return (
    <p className={styles.note} data-testid={props.testId}>
      {props.children}
    </p>
  );
}
