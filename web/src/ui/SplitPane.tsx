// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { Button } from './Button';
import { setPreferences, usePreferences } from './preferences';
import styles from './SplitPane.module.css';
import { narrowQuery, useMediaQuery } from './useMediaQuery';

const narrowest = 320;
const widest = 1200;
const keyStep = 24;

function setWidth(width: number): void {
  setPreferences({ panelWidth: Math.round(Math.min(widest, Math.max(narrowest, width))) });
}

interface SplitPaneProps {
  readonly main: ReactNode;
  readonly side: ReactNode;
  readonly sideLabel: string;
  /** Where there is room for one only: whether the drawer is what is shown. */
  readonly isSideOpen: boolean;
}

/**
 * Content with a drawer at its right; the border between them moves by pointer and by arrow keys. In a
 * narrow window the drawer is a sheet over the content.
 */
export function SplitPane(props: SplitPaneProps) {
  return useMediaQuery(narrowQuery) ? <Sheet {...props} /> : <Panes {...props} />;
}

function Panes(props: SplitPaneProps) {
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

function Sheet(props: SplitPaneProps) {
  const { sideLabel, isSideOpen } = props;
  const [isWanted, setWanted] = useState(false);
  const sheet = useRef<HTMLElement>(null);
  const isOpen = isSideOpen || isWanted;
  useEffect(() => {
    if (isOpen) sheet.current?.focus();
  }, [isOpen]);
  return (
    <div className={styles.panes}>
      <div className={styles.main} inert={isOpen}>
        {props.main}
        <Button className={styles.open} onClick={() => setWanted(true)}>
          Show {sideLabel}
        </Button>
      </div>
      {isOpen && (
        <aside ref={sheet} tabIndex={-1} className={styles.sheet} aria-label={sideLabel}>
          {props.side}
          {!isSideOpen && (
            <Button className={styles.open} onClick={() => setWanted(false)}>
              Back
            </Button>
          )}
        </aside>
      )}
    </div>
  );
}
