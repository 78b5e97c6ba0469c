// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { useDays } from '../../api/settingsQueries';
import type { DayOfRuns } from '../../api/settingsQueries';
import { formatTick, offsetText } from '../../base/clock';
import type { Zone } from '../../base/clock';
import { formatCount } from '../../base/format';
import type { Column } from '../../ui/dataColumns';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { usePreferences } from '../../ui/preferences';
import { ShortTable } from '../../ui/ShortTable';
import { texts } from './texts';

const dayMs = 86_400_000;

function columnsFor(zone: Zone): readonly Column<DayOfRuns>[] {
  return [
    {
      id: 'day',
      label: 'Day',
      isFixed: true,
      skeleton: 50,
      cell: ({ timeNs }) => formatTick(Number(timeNs / 1_000_000n), dayMs, zone),
    },
    {
      id: 'runs',
      label: 'Runs',
      isFigure: true,
      width: 120,
      skeleton: 40,
      cell: ({ runs }) => formatCount(runs),
    },
    {
      id: 'failed',
      label: 'Failed',
      isFigure: true,
      width: 120,
      skeleton: 30,
      cell: ({ failed }) => formatCount(failed),
    },
  ];
}

function idOf(day: DayOfRuns): string {
  return String(day.timeNs);
}

/** How many runs each of the last thirty days has. */
export function DaysTable() {
  const { zone } = usePreferences();
  const columns = useMemo(() => columnsFor(zone), [zone]);
  const offset = useMemo(() => offsetText(zone, new Date()), [zone]);
  const query = useDays(offset);
  if (query.isError)
    return (
      <ErrorNotice
        message={`Cannot load the days: ${query.error.message}`}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.data?.length === 0) return <EmptyState title={texts.noDays} isCompact />;
  return (
    <ShortTable id="days" caption={texts.days} columns={columns} rows={query.data} idOf={idOf} />
  );
}
