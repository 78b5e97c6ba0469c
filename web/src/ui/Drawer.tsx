// SPDX-License-Identifier: Apache-2.0

import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './Button';
import styles from './Drawer.module.css';
import { Icon } from './Icon';

/**
 * Details at the right of the page, which stays in use beside it; on a phone, above all of it. Escape
 * closes it. The focus goes into it when it opens and back to where it was when it closes.
 */
export function Drawer(props: {
  readonly title: ReactNode;
  readonly onClose: () => void;
  /** Buttons and links beside the title. */
  readonly actions?: ReactNode;
  /** What it shows; the focus stays where it is while only this changes. */
  readonly children: ReactNode;
  readonly testId?: string;
  /** False leaves the focus where it is: keys of the list go on walking. */
  readonly takesFocus?: boolean;
}) {
  const { onClose, takesFocus = true } = props;
  const titleId = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const drawer = box.current;
    if (takesFocus) drawer?.querySelector('h2')?.focus();
    return () => {
      const isInside = drawer?.contains(document.activeElement) === true;
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if ((isInside || isLost) && before instanceof HTMLElement) before.focus();
    };
  }, [takesFocus]);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  // Wherever the focus is, as the page beside the drawer stays in use; a dialog above it goes first.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isAbove = document.querySelector('dialog[open], :popover-open') !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !isAbove) close.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <aside ref={box} className={styles.drawer} aria-labelledby={titleId} data-testid={props.testId}>
      <header className={styles.head}>
        <h2 id={titleId} tabIndex={-1} className={styles.title}>
          {props.title}
        </h2>
        {props.actions}
        <Button fit="icon" look="quiet" aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      <div className={styles.body}>{props.children}</div>
    </aside>
  );
}
