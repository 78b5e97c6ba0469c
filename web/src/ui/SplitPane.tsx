// SPDX-License-Identifier: Apache-2.0

import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { setPreferences, usePreferences } from './preferences';
import styles from './SplitPane.module.css';

const narrowest = 320;
const widest = 1200;
const keyStep = 24;

function setWidth(width: number): void {
  setPreferences({ panelWidth: Math.round(Math.min(widest, Math.max(narrowest, width))) });
}

/** Content with a drawer at its right; the border between them moves by pointer and by arrow keys. */
export function SplitPane(props: {
  readonly main: ReactNode;
  readonly side: ReactNode;
  readonly sideLabel: string;
}) {
  const { panelWidth } = usePreferences();
  const onPointerMove = (event: PointerEvent<HTMLButtonElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const panes = event.currentTarget.parentElement?.getBoundingClientRect();
    if (panes !== undefined) setWidth(panes.right - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') setWidth(panelWidth + keyStep);
    if (event.key === 'ArrowRight') setWidth(panelWidth - keyStep);
  };
  return (
    <div className={styles.panes}>
      <div className={styles.main}>{props.main}</div>
      <button
        type="button"
        className={styles.handle}
        aria-label={`Width of ${props.sideLabel}: ${panelWidth} pixels. Arrow keys change it`}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
      <aside className={styles.side} style={{ width: panelWidth }} aria-label={props.sideLabel}>
        {props.side}
      </aside>
    </div>
  );
}
