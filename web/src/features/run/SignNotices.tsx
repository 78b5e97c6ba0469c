// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { plural } from '../../base/format';
import { signLabel } from '../../model/sign';
import type { Sign } from '../../model/sign';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { useClock } from '../../ui/useClock';
import styles from './SignNotices.module.css';

const shownAtFirst = 3;

/** The signs of trouble of a run, latest first, each with the way to its span. Read out when one is added. */
export function SignNotices(props: {
  readonly signs: readonly Sign[];
  readonly onSelect: (spanId: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const latestFirst = [...props.signs].reverse();
  const shown = isOpen ? latestFirst : latestFirst.slice(0, shownAtFirst);
  const hidden = latestFirst.length - shown.length;
  return (
    <div role="status" aria-label="Signs of trouble">
      {shown.length > 0 && (
        <ul className={styles.notices} data-testid="signs">
          {shown.map((sign) => (
            <SignNotice key={keyOf(sign)} sign={sign} onSelect={props.onSelect} />
          ))}
          {hidden > 0 && (
            <li className={styles.notice}>
              <Button fit="small" onClick={() => setOpen(true)}>
                {plural(hidden, 'earlier sign')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function keyOf(sign: Sign): string {
  return `${sign.kind} ${sign.spanId ?? ''} ${sign.raisedAtNs ?? ''} ${sign.message}`;
}

function SignNotice(props: { readonly sign: Sign; readonly onSelect: (spanId: string) => void }) {
  const { spanId, message, raisedAtNs } = props.sign;
  const clock = useClock();
  return (
    <li className={styles.notice}>
      <Icon name="alert" size={13} />
      <strong>{signLabel(props.sign)}</strong>
      <span className={styles.message}>{message}</span>
      {raisedAtNs !== undefined && (
        <span className={styles.time} title={clock.exact(raisedAtNs)}>
          {clock.moment(raisedAtNs)}
        </span>
      )}
      {spanId !== undefined && (
        <Button fit="small" onClick={() => props.onSelect(spanId)}>
          Show span
        </Button>
      )}
    </li>
  );
}
