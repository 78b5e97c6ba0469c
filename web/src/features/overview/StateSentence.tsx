// SPDX-License-Identifier: Apache-2.0

import { useFailureRate } from '../../api/queries';
import type { useFiguresNow } from '../../api/sumQueries';
import { failureWords } from '../../parts/failureWords';
import { RunsLink } from '../../parts/links';
import { ErrorNotice, Skeleton } from '../../ui/Notice';
import { Popover } from '../../ui/Popover';
import { StateMark } from '../../ui/Tag';
import styles from './Overview.module.css';
import { stateParts } from './texts';

/** How the server is doing, in one sentence, with the reasons and the runs that it speaks of. */
export function StateSentence(props: { readonly figures: ReturnType<typeof useFiguresNow> }) {
  const { figures } = props;
  const rate = useFailureRate();
  if (figures.isPending && rate.isPending) return <Skeleton width={420} />;
  const parts = stateParts(figures.data, rate.data);
  const failed = [figures, rate].find(({ isError }) => isError);
  const verdict = rate.data === undefined ? undefined : failureWords(rate.data);
  return (
    <>
      {failed !== undefined && (
        <ErrorNotice
          message={`Cannot load the state: ${failed.error?.message ?? 'no reason was given'}`}
          onRetry={() => void failed.refetch()}
        />
      )}
      <div className={styles.state} data-testid="state">
        {parts.running !== undefined && (
          <RunsLink search={{ status: 'running' }}>{parts.running}</RunsLink>
        )}
        {parts.failures !== undefined && (
          <span>
            <RunsLink search={{ status: 'failed', t: '1h' }}>{parts.failures}</RunsLink>
            {parts.usual !== undefined && `, ${parts.usual}`}
          </span>
        )}
        {verdict !== undefined && (
          <Popover
            look="quiet"
            fit="small"
            label="Why this verdict"
            title="Why?"
            face={<StateMark tone={verdict.tone}>{verdict.label}</StateMark>}
          >
            <p className={styles.reason}>{verdict.reason}</p>
            <p className={styles.reason}>
              <RunsLink search={{ status: 'failed', t: '1h' }}>
                Failed runs of the last hour
              </RunsLink>
              {' · '}
              <RunsLink search={{ status: 'failed', t: '24h' }}>of 24 hours</RunsLink>
            </p>
          </Popover>
        )}
        {parts.spending !== undefined && (
          <RunsLink search={{ t: '1h' }} title="Calls without a known price are not in it">
            {parts.spending}
          </RunsLink>
        )}
      </div>
    </>
  );
}
