// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { formatStretch } from '../base/clock';
import { periodSearch } from '../model/period';
import type { Counts } from '../model/sums';
import { Histogram } from '../ui/Histogram';
import type { HistogramSeries } from '../ui/Histogram';
import { usePreferences } from '../ui/preferences';
import { useAddress } from './useAddress';

/** From the bottom up. */
const series: readonly HistogramSeries[] = [
  { id: 'failed', label: 'failed', colour: 'var(--error)' },
  { id: 'abandoned', label: 'abandoned', colour: 'var(--warn)' },
  { id: 'cancelled', label: 'cancelled', colour: 'var(--quiet)' },
  { id: 'completed', label: 'completed', colour: 'var(--ok)' },
  { id: 'running', label: 'running', colour: 'var(--running)' },
];

/** How many runs began when, and how they came out. What is chosen becomes the time of the page. */
export function RunsOverTime(props: {
  readonly label: string;
  readonly counts: Counts;
  /** Pixels of the bars. */
  readonly height?: number;
}) {
  const { counts } = props;
  const { change } = useAddress();
  const { zone } = usePreferences();
  const { stepMs, period } = counts;
  const shown = useMemo(
    () => series.filter(({ id }) => counts.buckets.some(({ values }) => (values[id] ?? 0) > 0)),
    [counts],
  );
  const buckets = useMemo(
    () =>
      counts.buckets.map(({ timeMs, values }) => ({
        label: formatStretch(timeMs, timeMs + stepMs, zone),
        values: shown.map(({ id }) => values[id] ?? 0),
      })),
    [counts, shown, stepMs, zone],
  );
  const edge = (ms: number): string => formatStretch(ms, ms, zone).split(' – ')[0] ?? '';
  return (
    <Histogram
      label={props.label}
      {...(props.height === undefined ? {} : { height: props.height })}
      series={shown}
      buckets={buckets}
      ends={[
        `${edge(period.fromMs)}${counts.isLate === true ? ', no run before' : ''}`,
        edge(period.toMs),
      ]}
      onRange={({ first, last }) => {
        const from = counts.buckets[first]?.timeMs;
        const to = counts.buckets[last]?.timeMs;
        if (from !== undefined && to !== undefined) change(periodSearch(from, to + stepMs));
      }}
      testId="runs-over-time"
    />
  );
}
