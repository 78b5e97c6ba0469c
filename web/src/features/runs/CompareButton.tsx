// SPDX-License-Identifier: Apache-2.0

import { useNavigate } from '@tanstack/react-router';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { Icon } from '../../ui/Icon';
import styles from './CompareButton.module.css';
import { texts } from './texts';
import type { Picks } from './usePicks';

/** To the comparison of the two runs that are ticked. */
export function CompareButton(props: { readonly picks: Picks }) {
  const { ids, clear } = props.picks;
  const { scope } = useAddress();
  const navigate = useNavigate();
  const [a, b] = ids;
  const isReady = a !== undefined && b !== undefined;
  const compare = (): void => {
    if (isReady) void navigate({ to: '/compare', search: { ...scope, a, b } });
  };
  useCommand(
    isReady ? { id: 'compare', title: texts.compareCommand, key: 'c', run: compare } : undefined,
  );
  return (
    <span className={styles.group} data-picked={ids.length} data-testid="compare-picked">
      <Button
        aria-disabled={!isReady}
        className={isReady ? styles.ready : styles.waiting}
        title={isReady ? texts.compareTitle : texts.pickTitle}
        onClick={compare}
      >
        {texts.compare}
        {ids.length > 0 && ` ${ids.length} of 2`}
      </Button>
      {ids.length > 0 && (
        <Button
          fit="icon"
          look="quiet"
          aria-label={texts.unpick}
          title={texts.unpick}
          onClick={clear}
        >
          <Icon name="close" size={12} />
        </Button>
      )}
    </span>
  );
}
