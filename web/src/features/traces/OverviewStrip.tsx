// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import type { useOverview } from '../../api/queries';
import { absent, formatCount, formatPercent, formatRate } from '../../base/format';
import type { Figures } from '../../model/overview';
import { Skeleton } from '../../ui/Notice';
import { StateMark } from '../../ui/Tag';
import type { Tone } from '../../ui/Tag';
import styles from './OverviewStrip.module.css';

interface Figure {
  readonly label: string;
  readonly title: string;
  readonly text: string;
  readonly value?: ReactNode;
}

const healthTones: Readonly<Record<string, Tone>> = {
  healthy: 'ok',
  warning: 'warn',
  critical: 'error',
};

function figuresOf(overview: Figures | undefined): readonly Figure[] {
  const health = overview?.healthStatus;
  return [
    {
      label: 'Running',
      title: 'Runs that have begun and not ended',
      text: formatCount(overview?.running),
    },
    {
      label: 'Last 5 min',
      title: 'Runs started in the last five minutes',
      text: formatCount(overview?.startedLast5Minutes),
    },
    {
      label: 'Success rate',
      title: 'Completed runs of all that completed or failed',
      text: formatPercent(overview?.successRate),
    },
    {
      label: 'Failed, last hour',
      title: 'Runs that failed in the last hour',
      text: formatCount(overview?.failedLastHour),
    },
    {
      label: 'Tokens/min',
      title: 'Tokens used by model calls, per minute',
      text: formatRate(overview?.tokensPerMinute),
    },
    {
      label: 'Spans/s',
      title: 'Spans received per second',
      text: formatRate(overview?.spansPerSecond),
    },
    {
      label: 'Health',
      title: 'From failures of the last 24 hours and the success rate',
      text: health ?? absent,
      value: health !== undefined && (
        <StateMark tone={healthTones[health] ?? 'quiet'}>{health}</StateMark>
      ),
    },
  ];
}

/** Figures of the whole server. A figure the server does not give is a dash, never a zero. */
export function OverviewStrip(props: { readonly query: ReturnType<typeof useOverview> }) {
  const { query } = props;
  const figures = figuresOf(query.data);
  return (
    <section aria-label="Overview" data-testid="overview">
      <dl className={styles.strip}>
        {figures.map((figure) => (
          <div key={figure.label} className={styles.figure} title={figure.title}>
            <dt>{figure.label}</dt>
            <dd className={figure.text === absent ? styles.absent : undefined}>
              {query.isPending ? <Skeleton width={48} /> : (figure.value ?? figure.text)}
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
