// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { absent, formatCompact, formatDuration } from '../base/format';
import type { Run } from '../model/run';
import type { SearchTexts } from '../model/searchTexts';
import type { Column } from '../ui/dataColumns';
import { ShortTable } from '../ui/ShortTable';
import type { Clock } from '../ui/useClock';
import { useClock } from '../ui/useClock';
import { CostText } from './CostText';
import { RunLink, RunsLink } from './links';
import { StatusCell } from './StatusCell';

function nameColumns(scope: SearchTexts): readonly Column<Run>[] {
  return [
    {
      id: 'status',
      label: 'Status',
      width: 112,
      phoneWidth: 38,
      skeleton: 60,
      cell: ({ status }) => <StatusCell status={status} />,
    },
    {
      id: 'name',
      label: 'Run',
      isFixed: true,
      skeleton: 140,
      title: ({ name }) => name,
      cell: ({ traceId, name }) => (
        <RunLink traceId={traceId} search={scope}>
          {name}
        </RunLink>
      ),
    },
    {
      id: 'user',
      label: 'User',
      fromWidth: 760,
      skeleton: 60,
      cell: ({ userId }) =>
        userId === undefined ? (
          absent
        ) : (
          <RunsLink search={{ ...scope, user_id: userId }}>
            <bdi>{userId}</bdi>
          </RunsLink>
        ),
    },
    {
      id: 'models',
      label: 'Models',
      isMuted: true,
      fromWidth: 900,
      skeleton: 90,
      title: ({ models }) => models.join(', '),
      cell: ({ models }) => (models.length === 0 ? absent : models.join(', ')),
    },
  ];
}

function figureColumns(clock: Clock): readonly Column<Run>[] {
  return [
    {
      id: 'started',
      label: 'Started',
      isFigure: true,
      width: 112,
      skeleton: 60,
      title: ({ startNs }) => clock.exact(startNs),
      cell: ({ startNs }) => clock.moment(startNs),
    },
    {
      id: 'duration',
      label: 'Duration',
      isFigure: true,
      width: 92,
      fromWidth: 420,
      skeleton: 40,
      cell: ({ durationSeconds }) => formatDuration(durationSeconds),
    },
    {
      id: 'tokens',
      label: 'Tokens',
      isFigure: true,
      width: 84,
      fromWidth: 640,
      skeleton: 36,
      cell: ({ totalTokens }) => formatCompact(totalTokens),
    },
    {
      id: 'cost',
      label: 'Cost',
      isFigure: true,
      width: 112,
      fromWidth: 540,
      skeleton: 44,
      cell: ({ cost }) => <CostText cost={cost} isInColumn />,
    },
  ];
}

/** A few runs inside a page about something else. */
export function ShortRuns(props: {
  readonly caption: string;
  readonly runs: readonly Run[];
  readonly scope: SearchTexts;
}) {
  const clock = useClock();
  const { scope } = props;
  const columns = useMemo(() => [...nameColumns(scope), ...figureColumns(clock)], [scope, clock]);
  return (
    <ShortTable
      id="short runs"
      caption={props.caption}
      columns={columns}
      rows={props.runs}
      idOf={({ traceId }) => traceId}
      testId="short-runs"
    />
  );
}
