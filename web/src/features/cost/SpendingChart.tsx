// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { formatCompact, formatUsd } from '../../base/format';
import { bucketTimes } from '../../model/aggregate';
import type { Aggregate } from '../../model/aggregate';
import type { Cut } from '../../model/costCuts';
import type { SpendingRow } from '../../model/spending';
import { stackOf } from '../../model/spendingStack';
import { seriesColour } from '../../parts/seriesColour';
import { Histogram } from '../../ui/Histogram';
import { Skeleton } from '../../ui/Notice';
import { useClock } from '../../ui/useClock';
import type { Clock } from '../../ui/useClock';
import { useUtcOffset } from './useCosts';

const height = 150;
const mostNamed = 7;

/** Drawn in millionths of a dollar: the scale of a drawing ends at 1 or above. */
function scaleOf(cut: Cut): number {
  return cut.shows === 'cost' ? 1e6 : 1;
}

function offsetSeconds(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function amountAt(cut: Cut, values: Readonly<Record<string, number | undefined>>): number {
  const name = cut.shows === 'count' ? 'count' : cut.shows === 'tokens' ? 'tokens' : 'cost';
  return values[name] ?? 0;
}

/** Without a start that somebody asked for, the drawing begins where there is something. */
function fromFirst(times: readonly bigint[], whole: Aggregate, isOpen: boolean): readonly bigint[] {
  const first = whole.groups[0]?.points[0]?.timeNs;
  return isOpen && first !== undefined ? times.filter((time) => time >= first) : times;
}

function makeChart(
  cut: Cut,
  rows: readonly SpendingRow[],
  whole: Aggregate,
  isOpen: boolean,
  offset: string,
  clock: Clock,
) {
  const step = whole.bucketSeconds ?? 86_400;
  const times = fromFirst(bucketTimes(whole.period, step, offsetSeconds(offset)), whole, isOpen);
  const byTime = new Map(
    (whole.groups[0]?.points ?? []).map((point) => [point.timeNs, amountAt(cut, point.values)]),
  );
  const { named, others } = stackOf(rows, byTime, times, mostNamed);
  const series = named.map(({ name }, index) => ({
    id: name,
    label: name === '' ? '(none)' : name,
    colour: seriesColour(index),
  }));
  if (others !== undefined)
    series.push({ id: ' others', label: 'All others', colour: 'var(--quiet)' });
  const stacks = [...named.map(({ values }) => values), ...(others === undefined ? [] : [others])];
  const stepNs = BigInt(step) * 1_000_000_000n;
  return {
    times,
    stepNs,
    series,
    buckets: times.map((time, index) => ({
      label: `${clock.moment(time)} – ${clock.moment(time + stepNs)}`,
      values: stacks.map((values) => (values[index] ?? 0) * scaleOf(cut)),
    })),
  };
}

/** The largest rows of a cut over time, stacked, with all others as one; a range of time can be chosen. */
export function SpendingChart(props: {
  readonly cut: Cut;
  readonly rows: readonly SpendingRow[] | undefined;
  readonly whole: Aggregate | undefined;
  /** Nobody has asked for a start. */
  readonly isOpen: boolean;
  readonly onRange: (fromNs: bigint, toNs: bigint) => void;
}) {
  const { cut, rows, whole, isOpen, onRange } = props;
  const clock = useClock();
  const offset = useUtcOffset();
  const chart = useMemo(
    () =>
      rows === undefined || whole === undefined
        ? undefined
        : makeChart(cut, rows, whole, isOpen, offset, clock),
    [cut, rows, whole, isOpen, offset, clock],
  );
  if (chart === undefined)
    return (
      <div style={{ height: height + 40 }} aria-busy="true">
        <Skeleton width="100%" />
      </div>
    );
  const { times, stepNs, series, buckets } = chart;
  return (
    <Histogram
      label={`${cut.shows === 'cost' ? 'Cost' : cut.shows === 'count' ? 'Calls' : 'Tokens'} over time by ${cut.label.toLowerCase()}`}
      testId="cost-trend"
      height={height}
      series={series}
      buckets={buckets}
      format={cut.shows === 'cost' ? (value) => formatUsd(value / scaleOf(cut)) : formatCompact}
      ends={[clock.moment(times[0]), clock.moment((times.at(-1) ?? 0n) + stepNs)]}
      onRange={({ first, last }) => {
        const from = times[first];
        const to = times[last];
        if (from !== undefined && to !== undefined) onRange(from, to + stepNs);
      }}
    />
  );
}
