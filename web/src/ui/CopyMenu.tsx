// SPDX-License-Identifier: Apache-2.0

import { useRef, useState } from 'react';
import { Button } from './Button';
import { copyText } from './copyText';
import styles from './CopyMenu.module.css';
import { Icon } from './Icon';
import { Popover } from './Popover';

export interface CopyItem {
  readonly id: string;
  readonly label: string;
  /** May have to be fetched first. */
  readonly text: () => string | Promise<string>;
}

async function copyItem(item: CopyItem): Promise<string> {
  try {
    const isCopied = await copyText(await item.text());
    return isCopied ? `Copied: ${item.label}` : 'The browser did not let it be copied';
  } catch (cause) {
    return `Cannot copy: ${cause instanceof Error ? cause.message : 'it cannot be read'}`;
  }
}

/** One button for all the forms in which something can be copied; says whether it was. */
export function CopyMenu(props: {
  readonly items: readonly CopyItem[];
  readonly label: string;
  /** The form that is wanted most has a button of its own, with this on it. */
  readonly direct?: { readonly id: string; readonly face: string };
}) {
  const { direct } = props;
  const directItem = props.items.find(({ id }) => id === direct?.id);
  const [outcome, setOutcome] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const onPick = (item: CopyItem): void => {
    list.current?.closest<HTMLElement>('[popover]')?.hidePopover();
    setOutcome('Copying…');
    void copyItem(item).then(setOutcome);
  };
  return (
    <span className={styles.holder}>
      {direct !== undefined && directItem !== undefined && (
        <Button
          fit="small"
          look="quiet"
          title={directItem.label}
          onClick={() => onPick(directItem)}
        >
          {direct.face}
        </Button>
      )}
      <Popover
        label={props.label}
        fit="small"
        face={
          <>
            <Icon name="copy" size={12} /> Copy <Icon name="down" size={10} />
          </>
        }
      >
        <ul className={styles.list} ref={list}>
          {props.items.map((item) => (
            <li key={item.id}>
              <Button look="quiet" className={styles.item} onClick={() => onPick(item)}>
                {item.label}
              </Button>
            </li>
          ))}
        </ul>
      </Popover>
      <span role="status" className={styles.outcome}>
        {outcome}
      </span>
    </span>
  );
}
