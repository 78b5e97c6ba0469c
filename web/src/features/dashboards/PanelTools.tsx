// SPDX-License-Identifier: Apache-2.0

import type { KeyboardEvent } from 'react';
import type { Panel, PanelPosition } from '../../model/dashboard';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Popover } from '../../ui/Popover';
import styles from './Dashboards.module.css';
import { titleOf } from './PanelFrame';
import { texts } from './texts';

type Step = (from: PanelPosition) => PanelPosition;

const moves: Readonly<Record<string, Step>> = {
  ArrowLeft: (at) => ({ ...at, x: at.x - 1 }),
  ArrowRight: (at) => ({ ...at, x: at.x + 1 }),
  ArrowUp: (at) => ({ ...at, y: at.y - 1 }),
  ArrowDown: (at) => ({ ...at, y: at.y + 1 }),
};
const sizes: Readonly<Record<string, Step>> = {
  ArrowLeft: (at) => ({ ...at, w: at.w - 1 }),
  ArrowRight: (at) => ({ ...at, w: at.w + 1 }),
  ArrowUp: (at) => ({ ...at, h: at.h - 1 }),
  ArrowDown: (at) => ({ ...at, h: at.h + 1 }),
};

/** What can be done with one panel of a dashboard that is edited. */
export function PanelTools(props: {
  readonly panel: Panel;
  /** Undefined where panels do not stand in their places. */
  readonly onPlace: ((place: PanelPosition) => void) | undefined;
  /** The element that says how the handle is used. */
  readonly hintId: string;
  readonly onEdit: () => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
}) {
  const { panel, onPlace } = props;
  const title = titleOf(panel);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = (event.shiftKey ? sizes : moves)[event.key];
    if (step === undefined || onPlace === undefined) return;
    event.preventDefault();
    onPlace(step(panel.position));
  };
  return (
    <>
      {onPlace !== undefined && (
        <Button
          fit="icon"
          look="quiet"
          className={styles.handle}
          aria-label={`Move ${title}`}
          aria-describedby={props.hintId}
          title={texts.handleHint}
          data-handle={panel.id}
          onKeyDown={onKeyDown}
        >
          <Icon name="grip" />
        </Button>
      )}
      <span className={styles.tools} data-no-drag>
        <Button fit="small" aria-label={`Change ${title}`} onClick={props.onEdit}>
          Change
        </Button>
        <Popover
          fit="small"
          look="quiet"
          label={`More for ${title}`}
          buttonLabel={`More for ${title}`}
          face="⋯"
        >
          <div className={styles.menu}>
            <Button look="quiet" onClick={props.onDuplicate}>
              Duplicate
            </Button>
            <Button look="quiet" onClick={props.onRemove}>
              Remove
            </Button>
          </div>
        </Popover>
      </span>
    </>
  );
}
