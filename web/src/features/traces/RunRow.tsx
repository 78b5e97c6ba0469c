// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { KeyboardEvent } from 'react';
import { absent, formatCompact, formatCount, formatDuration } from '../../base/format';
import type { Run } from '../../model/run';
import { classNames } from '../../ui/classNames';
import { useClock } from '../../ui/useClock';
import type { Clock } from '../../ui/useClock';
import { CostText } from '../../parts/CostText';
import { DemoTag } from '../../parts/DemoTag';
import styles from './RunTable.module.css';
import { SignTag } from '../../parts/SignTag';
import { StatusMark } from '../../parts/StatusMark';

export interface RunRowProps {
  readonly run: Run;
  readonly index: number;
  readonly onKeyDown: (event: KeyboardEvent, index: number) => void;
}

/** What there is to say about when a run ended, for the title of its duration. */
function durationTitle(run: Run, clock: Clock): string {
  if (run.endNs === undefined)
    return run.status === 'running' ? 'Not ended yet' : 'No end was sent';
  return `Ended ${clock.exact(run.endNs) ?? ''}`;
}

export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { run, index } = props;
  const clock = useClock();
  const models = run.models.join(', ');
  const figure = styles.figure;
  return (
    <tr className={styles.row} data-run={run.traceId} aria-rowindex={index + 2}>
      <td>
        <StatusMark status={run.status} />
      </td>
      <td title={run.name}>
        <span className={styles.name}>
          <Link
            to="/traces/$traceId"
            params={{ traceId: run.traceId }}
            className={styles.link}
            data-index={index}
            dir="auto"
            onKeyDown={(event) => props.onKeyDown(event, index)}
          >
            {run.name}
          </Link>
          <SignTag signs={run.signs} />
          {run.isDemo && <DemoTag />}
        </span>
      </td>
      <td
        className={classNames(styles.agent, run.agent === undefined && styles.muted)}
        title={run.agent}
      >
        {run.agent ?? absent}
      </td>
      <td className={classNames(styles.models, styles.muted)} title={models}>
        {models === '' ? absent : models}
      </td>
      <td className={classNames(styles.moment, figure)} title={clock.exact(run.startNs)}>
        {clock.moment(run.startNs)}
      </td>
      <td className={classNames(styles.duration, figure)} title={durationTitle(run, clock)}>
        {formatDuration(run.durationSeconds)}
      </td>
      <td className={classNames(styles.spans, figure)}>{formatCount(run.spanCount)}</td>
      <td
        className={classNames(
          styles.errors,
          figure,
          (run.errorCount ?? 0) > 0 ? styles.failed : styles.muted,
        )}
      >
        {formatCount(run.errorCount)}
      </td>
      <td className={classNames(styles.tokens, figure)} title={formatCount(run.totalTokens)}>
        {formatCompact(run.totalTokens)}
      </td>
      <td className={classNames(styles.cost, figure)}>
        <CostText cost={run.cost} isInColumn />
      </td>
    </tr>
  );
});
