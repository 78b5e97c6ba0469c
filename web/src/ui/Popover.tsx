// SPDX-License-Identifier: Apache-2.0

import { useId, useRef, useState } from 'react';
import type { ReactNode, ToggleEvent } from 'react';
import { Button } from './Button';
import styles from './Popover.module.css';

const gap = 4;

/** Below its button, or above where there is more room, and inside the window. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const left = Math.min(at.left, window.innerWidth - panel.offsetWidth - gap);
  const below = at.bottom + gap;
  const fitsBelow = below + panel.offsetHeight <= window.innerHeight;
  const top = fitsBelow ? below : Math.max(gap, at.top - gap - panel.offsetHeight);
  panel.style.left = `${Math.max(gap, left)}px`;
  panel.style.top = `${top}px`;
}

/** A button that opens a panel above the page. Escape and a click elsewhere close it; focus returns. */
export function Popover(props: {
  /** What the button shows. */
  readonly face: ReactNode;
  readonly label: string;
  /** What the button is called, where its face alone does not say it. */
  readonly buttonLabel?: string;
  readonly look?: 'normal' | 'quiet';
  readonly fit?: 'normal' | 'small' | 'icon';
  readonly className?: string | undefined;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  const button = useRef<HTMLSpanElement>(null);
  const [isOpen, setOpen] = useState(false);
  const onToggle = (event: ToggleEvent<HTMLDivElement>): void => {
    const face = button.current?.querySelector('button');
    if (event.newState === 'open' && face) place(event.currentTarget, face);
  };
  return (
    <>
      <span ref={button} className={styles.holder}>
        <Button
          popoverTarget={id}
          look={props.look ?? 'normal'}
          fit={props.fit ?? 'normal'}
          className={props.className}
          title={props.title}
          aria-label={props.buttonLabel}
        >
          {props.face}
        </Button>
      </span>
      <div
        id={id}
        popover="auto"
        role="group"
        aria-label={props.label}
        className={styles.panel}
        onBeforeToggle={(event) => setOpen(event.newState === 'open')}
        onToggle={onToggle}
      >
        {isOpen && props.children}
      </div>
    </>
  );
}
