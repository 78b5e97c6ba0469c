// SPDX-License-Identifier: Apache-2.0

import { formatCount } from '../../base/format';
import type { ErrorGroup } from '../../model/failures';
import type { SearchTexts } from '../../model/searchTexts';
import { WorkflowLink } from '../../parts/links';
import { RecurrenceTag } from '../../parts/RecurrenceTag';
import type { Column } from '../../ui/dataColumns';
import type { Clock } from '../../ui/useClock';
import styles from './Errors.module.css';

function ns(ms: number): bigint {
  return BigInt(ms) * 1_000_000n;
}

/** The names of some shares, the most frequent first. */
export function namesOf(shares: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(shares)
    .sort(([, left], [, right]) => right - left)
    .map(([name]) => name);
}

export function errorColumns(links: SearchTexts, clock: Clock): readonly Column<ErrorGroup>[] {
  return [
    {
      id: 'state',
      label: 'Seen',
      width: 88,
      skeleton: 40,
      cell: ({ recurrence }) => <RecurrenceTag recurrence={recurrence} />,
    },
    {
      id: 'title',
      label: 'Error',
      isFixed: true,
      skeleton: 240,
      title: ({ title }) => title,
      cell: (_group, link) => <span className={styles.name}>{link}</span>,
      compare: (left, right) => left.title.localeCompare(right.title),
    },
    {
      id: 'reason',
      label: 'Reason',
      isMuted: true,
      width: 130,
      fromWidth: 760,
      skeleton: 70,
      cell: ({ reason }) => reason.replaceAll('_', ' '),
      compare: (left, right) => left.reason.localeCompare(right.reason),
    },
    {
      id: 'workflows',
      label: 'Workflows',
      width: 200,
      fromWidth: 1100,
      skeleton: 120,
      title: ({ workflows }) => workflows.map(({ id }) => id).join(', '),
      cell: ({ workflows }) => {
        const [first] = workflows;
        if (first === undefined) return '–';
        return (
          <>
            <WorkflowLink name={first.id} search={links} />
            {workflows.length > 1 && ` +${workflows.length - 1}`}
          </>
        );
      },
    },
    {
      id: 'runs',
      label: 'Runs',
      isFigure: true,
      width: 76,
      phoneWidth: 64,
      skeleton: 24,
      cell: ({ count }) => formatCount(count),
      compare: (left, right) => left.count - right.count,
    },
    {
      id: 'first',
      label: 'First',
      isFigure: true,
      width: 116,
      fromWidth: 640,
      skeleton: 60,
      title: ({ firstMs }) => clock.exact(ns(firstMs)),
      cell: ({ firstMs }) => clock.moment(ns(firstMs)),
      compare: (left, right) => left.firstMs - right.firstMs,
    },
    {
      id: 'last',
      label: 'Last',
      isFigure: true,
      width: 116,
      fromWidth: 480,
      skeleton: 60,
      title: ({ lastMs }) => clock.exact(ns(lastMs)),
      cell: ({ lastMs }) => clock.moment(ns(lastMs)),
      compare: (left, right) => left.lastMs - right.lastMs,
    },
  ];
}
