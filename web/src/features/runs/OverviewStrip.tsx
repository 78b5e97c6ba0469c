// SPDX-License-Identifier: Apache-2.0

import { useFailureRate } from '../../api/queries';
import type { useOverview } from '../../api/queries';
import { absent, formatCount, formatPercent, formatRate } from '../../base/format';
import type { Figures } from '../../model/overview';
import { Skeleton } from '../../ui/Notice';
import { FailureFigure } from './FailureFigure';
import styles from './OverviewStrip.module.css';

interface Figure {
  /** Left out where there is little room. */
  readonly isMinor?: boolean;
  readonly label: string;
  readonly title: string;
  readonly text: string;
}

function figuresOf(overview: Figures | undefined): readonly Figure[] {
  return [
    {
      label: 'Running',
      title: 'Runs that have begun and not ended',
      text: formatCount(overview?.running),
    },
    {
      label: 'Started, last 5 min',
      isMinor: true,
      title: 'Runs started in the last five minutes',
      text: formatCount(overview?.startedLast5Minutes),
    },
    {
      label: 'Success, all time',
      isMinor: true,
      title: 'Completed runs of all that completed or failed, over everything that is stored',
      text: formatPercent(overview?.successRate),
    },
    {
      label: 'Tokens/min',
      isMinor: true,
      title: 'Tokens used by model calls, per minute',
      text: formatRate(overview?.tokensPerMinute),
    },
    {
      label: 'Spans/s',
      isMinor: true,
      title: 'Spans received per second',
      text: formatRate(overview?.spansPerSecond),
    },
  ];
}

/** Figures of the whole server. A figure the server does not give is a dash, never a zero. */
export function OverviewStrip(props: { readonly query: ReturnType<typeof useOverview> }) {
  const { query } = props;
  const failures = useFailureRate();
  const figures = figuresOf(query.data);
  return (
    <section aria-label="Overview" data-testid="overview">
      <dl className={styles.strip}>
        <div className={styles.figure} data-wide="true">
          <dt>Failures, last hour</dt>
          <dd>
            {failures.isPending ? (
              <Skeleton width={120} />
            ) : (
              <FailureFigure query={failures} figures={query.data} />
            )}
          </dd>
        </div>
        {figures.map((figure) => (
          <div
            key={figure.label}
            className={styles.figure}
            title={figure.title}
            data-minor={figure.isMinor === true}
          >
            <dt>{figure.label}</dt>
            <dd className={figure.text === absent ? styles.absent : undefined}>
              {query.isPending ? <Skeleton width={48} /> : figure.text}
            </dd>
          </div>
        ))}
        {query.isError && (
          <div className={styles.note}>
            <dt className="visually-hidden">Overview</dt>
            <dd>
              Figures {query.data === undefined ? 'not available' : 'out of date'}:{' '}
              {query.error.message}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
