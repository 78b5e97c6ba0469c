// SPDX-License-Identifier: Apache-2.0

import { assertUnreachable } from '../../base/assert';
import type { FeedState } from '../../api/feedState';
import type { LiveFeed } from '../../api/useLiveRefresh';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { StateMark } from '../../ui/Tag';
import type { Tone } from '../../ui/Tag';
import styles from './LiveIndicator.module.css';

interface Words {
  readonly tone: Tone;
  readonly label: string;
  readonly title: string;
}

function describe(state: FeedState, intervalMs: number): Words {
  switch (state) {
    case 'live':
      return { tone: 'ok', label: 'Live', title: `Refreshed every ${intervalMs / 1000} s` };
    case 'connecting':
      return { tone: 'quiet', label: 'Connecting', title: 'Waiting for the first answer' };
    case 'behind':
      return {
        tone: 'warn',
        label: 'Behind',
        title: 'The server answers slower than the page asks',
      };
    case 'paused':
      return { tone: 'quiet', label: 'Paused', title: 'What is shown may be out of date' };
    case 'offline':
      return { tone: 'error', label: 'Offline', title: 'The last attempt failed; trying again' };
    case 'settled':
      return {
        tone: 'quiet',
        label: 'Finished',
        title: 'This run is over; nothing more is expected',
      };
    default:
      return assertUnreachable(state);
  }
}

/** Whether what is on the screen is fresh, and a switch to hold it still. */
export function LiveIndicator(props: { readonly feed: LiveFeed }) {
  const { state, intervalMs, isPausedByUser, togglePause } = props.feed;
  const words = describe(state, intervalMs);
  const action = isPausedByUser ? 'Resume refreshing' : 'Pause refreshing';
  return (
    <div className={styles.live} title={words.title}>
      <span role="status" data-feed={state}>
        <StateMark tone={words.tone}>{words.label}</StateMark>
      </span>
      {state !== 'settled' && (
        <Button fit="icon" look="quiet" aria-label={action} title={action} onClick={togglePause}>
          <Icon name={isPausedByUser ? 'play' : 'pause'} />
        </Button>
      )}
    </div>
  );
}
