// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { absent, formatCompact, formatCount, formatDuration } from '../../base/format';
import type { Run } from '../../model/run';
import { CostText } from '../../parts/CostText';
import { DemoTag } from '../../parts/DemoTag';
import { SignTag } from '../../parts/SignTag';
import { StatusMark } from '../../parts/StatusMark';
import type { Column } from '../../ui/dataColumns';
import type { Clock } from '../../ui/useClock';
import styles from './RunTable.module.css';

/** What there is to say about when a run ended, for the title of its duration. */
function durationTitle(run: Run, clock: Clock): string {
  if (run.endNs === undefined)
    return run.status === 'running' ? 'Not ended yet' : 'No end was sent';
  return `Ended ${clock.exact(run.endNs) ?? ''}`;
}

function NameCell(props: { readonly run: Run; readonly link: ReactNode }) {
  return (
    <span className={styles.name}>
      {props.link}
      <SignTag signs={props.run.signs} />
      {props.run.isDemo && <DemoTag />}
    </span>
  );
}

function ErrorCount(props: { readonly count: number | undefined }) {
  const { count } = props;
  return (
    <span className={(count ?? 0) > 0 ? styles.failed : styles.quiet}>{formatCount(count)}</span>
  );
}

const nameColumns: readonly Column<Run>[] = [
  {
    id: 'status',
    label: 'Status',
    width: 118,
    phoneWidth: 38,
    skeleton: 66,
    cell: (run) => (
      <span className={styles.status}>
        <StatusMark status={run.status} />
      </span>
    ),
  },
  {
    id: 'name',
    label: 'Run',
    isFixed: true,
    skeleton: 180,
    title: (run) => run.name,
    cell: (run, link) => <NameCell run={run} link={link} />,
  },
  {
    id: 'agent',
    label: 'Agent',
    fromWidth: 740,
    skeleton: 90,
    title: (run) => run.agent,
    cell: (run) => <bdi>{run.agent ?? absent}</bdi>,
  },
  {
    id: 'models',
    label: 'Models',
    isMuted: true,
    fromWidth: 1080,
    skeleton: 100,
    title: (run) => run.models.join(', '),
    cell: (run) => (run.models.length === 0 ? absent : run.models.join(', ')),
  },
];

function timeColumns(clock: Clock): readonly Column<Run>[] {
  return [
    {
      id: 'started',
      label: 'Started',
      isFigure: true,
      width: 108,
      phoneWidth: 92,
      skeleton: 58,
      title: (run) => clock.exact(run.startNs),
      cell: (run) => clock.moment(run.startNs),
    },
    {
      id: 'duration',
      label: 'Duration',
      isFigure: true,
      width: 96,
      phoneWidth: 78,
      skeleton: 44,
      title: (run) => durationTitle(run, clock),
      cell: (run) => formatDuration(run.durationSeconds),
    },
  ];
}

const countColumns: readonly Column<Run>[] = [
  {
    id: 'spans',
    label: 'Spans',
    isFigure: true,
    width: 72,
    fromWidth: 920,
    skeleton: 22,
    cell: (run) => formatCount(run.spanCount),
  },
  {
    id: 'errors',
    label: 'Errors',
    isFigure: true,
    width: 72,
    fromWidth: 920,
    skeleton: 12,
    title: () => 'Spans that failed',
    cell: (run) => <ErrorCount count={run.errorCount} />,
  },
  {
    id: 'tokens',
    label: 'Tokens',
    isFigure: true,
    width: 84,
    fromWidth: 740,
    skeleton: 36,
    title: (run) => formatCount(run.totalTokens),
    cell: (run) => formatCompact(run.totalTokens),
  },
  {
    id: 'cost',
    label: 'Cost',
    isFigure: true,
    width: 112,
    fromWidth: 540,
    skeleton: 44,
    cell: (run) => <CostText cost={run.cost} isInColumn />,
  },
];

export function makeRunColumns(clock: Clock): readonly Column<Run>[] {
  return [...nameColumns, ...timeColumns(clock), ...countColumns];
}
