// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { useFailureRate } from '../../api/queries';
import { absent, formatCount, formatPercent } from '../../base/format';
import type { FailureRate } from '../../model/health';
import type { Figures } from '../../model/overview';
import { failureWords } from '../../parts/failureWords';
import { Popover } from '../../ui/Popover';
import { StateMark } from '../../ui/Tag';
import styles from './FailureFigure.module.css';

/** The share of runs that failed in the last hour, against what is usual, with the reasons and the runs. */
export function FailureFigure(props: {
  readonly query: ReturnType<typeof useFailureRate>;
  readonly figures: Figures | undefined;
}) {
  const rate = props.query.data;
  if (rate === undefined) return <span title={props.query.error?.message}>{absent}</span>;
  const { tone, label } = failureWords(rate);
  return (
    <span className={styles.figure}>
      {rate.recent === undefined ? (
        absent
      ) : (
        <Link
          to="/runs"
          search={{ status: 'failed', t: '1h' }}
          title="Runs of the last hour that failed"
        >
          {formatPercent(rate.recent)}
        </Link>
      )}
      <Popover
        look="quiet"
        fit="small"
        label="Why this verdict"
        title="Why?"
        className={styles.verdict}
        face={<StateMark tone={tone}>{label}</StateMark>}
      >
        <Reasons rate={rate} figures={props.figures} />
      </Popover>
    </span>
  );
}

function Reasons(props: { readonly rate: FailureRate; readonly figures: Figures | undefined }) {
  const { rate, figures } = props;
  return (
    <div className={styles.reasons}>
      <p>
        Of the runs that began in the last hour and have ended, {formatPercent(rate.recent)} failed;
        of those of the 24 hours before,{' '}
        {rate.usual === undefined ? 'none has ended' : formatPercent(rate.usual)}.{' '}
        {failureWords(rate).reason}
      </p>
      <p>
        <Link to="/runs" search={{ status: 'failed', t: '1h' }}>
          Failed runs of the last hour
        </Link>
        {' · '}
        <Link to="/runs" search={{ status: 'failed', t: '24h' }}>
          of 24 hours
        </Link>
      </p>
      {figures?.healthStatus !== undefined && (
        <p className={styles.rule}>
          The API’s <code>health_status</code> is “{figures.healthStatus}” by a fixed rule: critical
          from 5 failed runs or 10 failed steps in 24 hours, or below 80{'\u202f'}% success; warning
          from 2, 5 or below 90{'\u202f'}%. Now: {formatCount(figures.failedRuns24h)} runs,{' '}
          {formatCount(figures.failedSteps24h)} steps, {formatPercent(figures.successRate)}.
        </p>
      )}
    </div>
  );
}
