// SPDX-License-Identifier: Apache-2.0
// The states of a list or panel that has nothing to show.

import type { ReactNode } from 'react';
import { Button } from './Button';
import { classNames } from './classNames';
import { Icon } from './Icon';
import styles from './Notice.module.css';

/** Nothing here, and why, and what to do about it. */
export function EmptyState(props: {
  readonly title: string;
  readonly isCompact?: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <div className={classNames(styles.notice, props.isCompact === true && styles.compact)}>
      <p className={styles.title}>{props.title}</p>
      {props.children !== undefined && <div className={styles.text}>{props.children}</div>}
    </div>
  );
}

/** What went wrong, in place, with a way to try again. */
export function ErrorNotice(props: {
  readonly message: string;
  readonly onRetry?: (() => void) | undefined;
}) {
  return (
    <div className={styles.error} role="alert">
      <Icon name="alert" />
      <span className={styles.message}>{props.message}</span>
      {props.onRetry !== undefined && (
        <Button fit="small" onClick={props.onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** One line above the content that a reader should know of. */
export function Note(props: {
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly testId?: string;
}) {
  return (
    <div className={styles.note} role="status" data-testid={props.testId}>
      <Icon name="alert" size={13} />
      <span className={styles.message}>{props.children}</span>
      {props.action}
    </div>
  );
}

/** A grey line as wide as the text that will take its place. */
export function Skeleton(props: { readonly width: number | string }) {
  return (
    <span
      className={styles.skeleton}
      style={{ width: props.width }}
      aria-hidden="true"
      data-testid="skeleton"
    />
  );
}
