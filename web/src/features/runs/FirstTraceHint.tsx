// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useOverview } from '../../api/queries';
import type { Run } from '../../model/run';
import { LinesSkeleton } from '../../parts/AnswerOf';
import { StatusMark } from '../../parts/StatusMark';
import { Button } from '../../ui/Button';
import styles from './FirstTraceHint.module.css';
import { texts } from './texts';

/** Its many programs are read only where nothing has arrived. */
const SetupGuide = lazy(async () => ({
  default: (await import('../../parts/setup/SetupGuide')).SetupGuide,
}));

/** For a server that has received nothing yet: how to send the first run, and the way to it once it is there. */
export function FirstTraceHint(props: {
  /** The run that has arrived while this is shown. */
  readonly first: Run | undefined;
  /** The reader goes on, to the list or to the run. */
  readonly onShowList: () => void;
}) {
  const { first, onShowList } = props;
  const ports = useOverview().data?.ports;
  return (
    <div className={styles.scroll}>
      <div className={styles.hint} data-testid="first-trace">
        <h2>{texts.firstTitle}</h2>
        <div role="status" className={styles.state} data-arrived={first !== undefined}>
          {first === undefined ? (
            <p>{texts.waiting}</p>
          ) : (
            <>
              <StatusMark status={first.status} />
              <span>{texts.arrived}</span>
              <Link
                to="/runs/$traceId"
                params={{ traceId: first.traceId }}
                search={{}}
                dir="auto"
                onClick={onShowList}
              >
                {first.name}
              </Link>
              <Button fit="small" onClick={onShowList}>
                {texts.showList}
              </Button>
            </>
          )}
        </div>
        <Suspense fallback={<LinesSkeleton lines={12} />}>
          <SetupGuide ports={ports} />
        </Suspense>
        <p>
          No agent at hand? <code>sightline demo</code> sends simulated runs, labelled as such.
        </p>
      </div>
    </div>
  );
}
