// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { Button } from '../ui/Button';
import { Drawer } from '../ui/Drawer';
import styles from './PeekDrawer.module.css';
import type { Peek } from './usePeek';

/** One row of a list, beside it, with the ways to its neighbours and to its page. */
export function PeekDrawer<Row>(props: {
  readonly title: string;
  /** What a row is called. */
  readonly noun: string;
  /** Of the row among those of the list; -1 for one that is not there. */
  readonly at: number;
  readonly peek: Peek<Row>;
  /** The link to its page, and what else can be done with it. */
  readonly actions: ReactNode;
  readonly children: ReactNode;
}) {
  const { noun, at, peek } = props;
  return (
    <Drawer
      testId="peek"
      title={props.title}
      onClose={peek.close}
      takesFocus={false}
      actions={
        <>
          <Button fit="small" title={`The ${noun} before (K)`} onClick={() => peek.step(-1)}>
            Before
          </Button>
          <span className={styles.place}>{at < 0 ? '' : `${at + 1} of ${peek.rows.length}`}</span>
          <Button fit="small" title={`The next ${noun} (J)`} onClick={() => peek.step(1)}>
            Next
          </Button>
          {props.actions}
        </>
      }
    >
      {props.children}
    </Drawer>
  );
}
