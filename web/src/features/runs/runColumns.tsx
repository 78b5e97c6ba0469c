// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { absent, formatCompact, formatCount, formatDuration } from '../../base/format';
import type { Run } from '../../model/run';
import { CostText } from '../../parts/CostText';
import { DemoTag } from '../../parts/DemoTag';
import { GroupLink } from '../../parts/GroupLink';
import { SignTag } from '../../parts/SignTag';
import { StatusCell } from '../../parts/StatusCell';
import type { Column } from '../../ui/dataColumns';
import type { Density } from '../../ui/preferences';
import type { Clock } from '../../ui/useClock';
import styles from './RunTable.module.css';
import { pickLabel, texts } from './texts';
import { TwoLines } from './TwoLines';
import type { Picks } from './usePicks';

/** What there is to say about when a run ended, for the title of its duration. */
function durationTitle(run: Run, clock: Clock): string {
  if (run.endNs === undefined)
    return run.status === 'running' ? 'Not ended yet' : 'No end was sent';
  return `Ended ${clock.exact(run.endNs) ?? ''}`;
}

/** The run by its name, and in rows of two lines what it was about. */
function NameCell(props: {
  readonly run: Run;
  readonly link: ReactNode;
  readonly density: Density;
}) {
  if (props.density === 'compact') return <NameLine {...props} />;
  return <TwoLines run={props.run} name={<NameLine {...props} />} />;
}

function NameLine(props: { readonly run: Run; readonly link: ReactNode }) {
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

/** Ticks are reached by pointer; keys set them with Space on the run. */
function pickColumn(picks: Picks): Column<Run> {
  return {
    id: 'pick',
    label: texts.pick,
    isLabelHidden: true,
    width: 36,
    fromWidth: 600,
    skeleton: 13,
    cell: (run) => (
      <input
        type="checkbox"
        className={styles.pick}
        tabIndex={-1}
        aria-label={pickLabel(run.name)}
        checked={picks.ids.includes(run.traceId)}
        onChange={() => picks.toggle(run.traceId)}
      />
    ),
  };
}

const nameColumns = (density: Density): readonly Column<Run>[] => [
  {
    id: 'status',
    label: 'Status',
    width: 118,
    phoneWidth: 38,
    skeleton: 66,
    cell: (run) => <StatusCell status={run.status} />,
  },
  {
    id: 'name',
    label: 'Run',
    isFixed: true,
    skeleton: 180,
    title: (run) => run.name,
    cell: (run, link) => <NameCell run={run} link={link} density={density} />,
  },
  {
    id: 'agent',
    label: 'Agent',
    width: 136,
    fromWidth: density === 'compact' ? 860 : 1240,
    skeleton: 90,
    title: (run) => run.agent,
    cell: (run) => <bdi>{run.agent ?? absent}</bdi>,
  },
  {
    id: 'models',
    label: 'Models',
    isMuted: true,
    width: 160,
    fromWidth: density === 'compact' ? 1080 : 1400,
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
      order: 'start',
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
      order: 'duration',
      isFigure: true,
      width: 96,
      phoneWidth: 90,
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
    order: 'errors',
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
    order: 'tokens',
    isFigure: true,
    width: 84,
    fromWidth: 780,
    skeleton: 36,
    title: (run) => formatCount(run.totalTokens),
    cell: (run) => formatCompact(run.totalTokens),
  },
  {
    id: 'cost',
    label: 'Cost',
    order: 'cost',
    isFigure: true,
    width: 112,
    fromWidth: 700,
    skeleton: 44,
    cell: (run) => <CostText cost={run.cost} isInColumn />,
  },
];

const groupColumns: readonly Column<Run>[] = [
  {
    id: 'user',
    label: 'User',
    width: 120,
    fromWidth: 1500,
    skeleton: 60,
    title: (run) => run.userId,
    cell: (run) => (run.userId === undefined ? absent : <GroupLink kind="user" id={run.userId} />),
  },
  {
    id: 'session',
    label: 'Session',
    width: 120,
    fromWidth: 1500,
    skeleton: 60,
    title: (run) => run.sessionId,
    cell: (run) =>
      run.sessionId === undefined ? absent : <GroupLink kind="session" id={run.sessionId} />,
  },
];

export function makeRunColumns(
  clock: Clock,
  picks: Picks,
  density: Density,
): readonly Column<Run>[] {
  return [
    pickColumn(picks),
    ...nameColumns(density),
    ...groupColumns,
    ...timeColumns(clock),
    ...countColumns,
  ];
}
