// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { absent, formatCompact, formatCount, formatDuration, plural } from '../../base/format';
import type { GroupKind, RunGroup } from '../../model/runGroup';
import type { SearchTexts } from '../../model/searchTexts';
import { CostText } from '../../parts/CostText';
import { GroupLink } from '../../parts/GroupLink';
import type { Column } from '../../ui/dataColumns';
import type { Clock } from '../../ui/useClock';
import styles from './GroupListPage.module.css';
import { groupWords } from './groupWords';

function Others(props: { readonly kind: GroupKind; readonly group: RunGroup }) {
  const { others, othersCount } = props.group;
  const { other } = groupWords[props.kind];
  const [only] = others;
  if (only === undefined) return absent;
  if (othersCount === 1) return <GroupLink kind={other.kind} id={only} />;
  return plural(othersCount, other.one.toLowerCase());
}

function RunsLink(props: {
  readonly search: SearchTexts;
  readonly group: RunGroup;
  readonly kind: GroupKind;
  readonly more?: SearchTexts;
  readonly children: ReactNode;
}) {
  const { search, group, kind, more, children } = props;
  return (
    <Link to="/runs" search={{ ...search, [groupWords[kind].filterKey]: group.id, ...more }}>
      {children}
    </Link>
  );
}

function countColumns(kind: GroupKind, search: SearchTexts): readonly Column<RunGroup>[] {
  return [
    {
      id: 'runs',
      label: 'Runs',
      isFigure: true,
      width: 68,
      phoneWidth: 68,
      skeleton: 22,
      cell: (group) => (
        <RunsLink search={search} group={group} kind={kind}>
          {formatCount(group.runs)}
        </RunsLink>
      ),
    },
    {
      id: 'failed',
      label: 'Failed',
      isFigure: true,
      width: 68,
      phoneWidth: 64,
      skeleton: 12,
      cell: (group) =>
        group.failedRuns === 0 ? (
          '0'
        ) : (
          <RunsLink search={search} group={group} kind={kind} more={{ status: 'failed' }}>
            <span className={styles.failed}>{formatCount(group.failedRuns)}</span>
          </RunsLink>
        ),
    },
    {
      id: 'calls',
      label: 'Calls',
      isFigure: true,
      width: 72,
      fromWidth: 920,
      skeleton: 26,
      title: () => 'Calls of models',
      cell: (group) => formatCount(group.calls),
    },
    {
      id: 'tokens',
      label: 'Tokens',
      isFigure: true,
      width: 84,
      fromWidth: 820,
      skeleton: 36,
      title: (group) => formatCount(group.tokens),
      cell: (group) => formatCompact(group.tokens),
    },
    {
      id: 'cost',
      label: 'Cost',
      isFigure: true,
      width: 112,
      fromWidth: 540,
      skeleton: 44,
      cell: (group) => <CostText cost={group.cost} isInColumn />,
    },
  ];
}

function timeColumns(clock: Clock): readonly Column<RunGroup>[] {
  return [
    {
      id: 'duration',
      label: 'Time in runs',
      isFigure: true,
      width: 110,
      fromWidth: 1080,
      skeleton: 50,
      title: () => 'Of all its runs together',
      cell: (group) => formatDuration(group.durationSeconds),
    },
    {
      id: 'first',
      label: 'First run',
      isFigure: true,
      width: 108,
      fromWidth: 1080,
      skeleton: 58,
      title: (group) => clock.exact(group.firstNs),
      cell: (group) => clock.moment(group.firstNs),
    },
    {
      id: 'last',
      label: 'Last run',
      isFigure: true,
      width: 108,
      phoneWidth: 100,
      skeleton: 58,
      title: (group) => clock.exact(group.lastNs),
      cell: (group) => clock.moment(group.lastNs),
    },
  ];
}

/** `search` is the filter of the list, which links to runs go on from. */
export function makeGroupColumns(
  kind: GroupKind,
  search: SearchTexts,
  clock: Clock,
): readonly Column<RunGroup>[] {
  const words = groupWords[kind];
  return [
    {
      id: 'id',
      label: kind === 'session' ? 'Session' : 'User',
      isFixed: true,
      skeleton: 160,
      title: (group) => group.id,
      cell: (_, link) => link,
    },
    {
      id: 'others',
      label: kind === 'session' ? words.other.one : 'Sessions',
      fromWidth: 740,
      skeleton: 90,
      title: (group) => group.others.join(', '),
      cell: (group) => <Others kind={kind} group={group} />,
    },
    ...countColumns(kind, search),
    ...timeColumns(clock),
  ];
}
