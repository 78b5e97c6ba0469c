// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from 'react';
import { assertUnreachable } from '../base/assert';
import { toFeedState } from '../model/feedState';
import type { FeedState, LiveFeed } from '../model/feedState';
import { Button } from '../ui/Button';
import { useCommand } from '../ui/commands';
import { Icon } from '../ui/Icon';
import { StateMark } from '../ui/Tag';
import type { Tone } from '../ui/Tag';
import styles from './LiveIndicator.module.css';

interface Words {
  readonly tone: Tone;
  readonly label: string;
  readonly title: string;
}

function describe(state: FeedState): Words {
  switch (state) {
    case 'live':
      return { tone: 'ok', label: 'Live', title: 'What happens shows at once' };
    case 'connecting':
      return { tone: 'quiet', label: 'Connecting', title: 'Waiting for the live feed' };
    case 'behind':
      return { tone: 'warn', label: 'Behind', title: 'There is news that has not been read yet' };
    case 'paused':
      return { tone: 'quiet', label: 'Paused', title: 'What is shown may be out of date' };
    case 'reconnecting':
      return {
        tone: 'warn',
        label: 'Reconnecting',
        title: 'The live feed is interrupted; until it is back, the page asks every few seconds',
      };
    case 'offline':
      return { tone: 'error', label: 'Offline', title: 'The last attempt failed; trying again' };
    case 'settling':
      return {
        tone: 'quiet',
        label: 'Ended',
        title: 'This run has ended; what comes late is still added for a minute',
      };
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

/** Looked at once a second, so that "behind" shows although nothing arrives. */
function useFeedState(feed: LiveFeed): FeedState {
  const { facts, waitingSince } = feed;
  const [clock, setClock] = useState(() => ({ now: Date.now(), waitingSince: waitingSince() }));
  useEffect(() => {
    const look = (): void => setClock({ now: Date.now(), waitingSince: waitingSince() });
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [waitingSince]);
  return toFeedState({ ...facts, ...clock });
}

/** Whether what is on the screen is fresh, and a switch to hold it still. */
export function LiveIndicator(props: { readonly feed: LiveFeed }) {
  const { isPausedByUser, togglePause } = props.feed;
  const state = useFeedState(props.feed);
  const words = describe(state);
  const action = isPausedByUser ? 'Resume refreshing' : 'Pause refreshing';
  useCommand(
    state === 'settled' ? undefined : { id: 'hold', title: action, key: 'p', run: togglePause },
  );
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
