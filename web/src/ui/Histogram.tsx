// SPDX-License-Identifier: Apache-2.0

import { useId } from 'react';
import { formatCount } from '../base/format';
import { classNames } from './classNames';
import styles from './Histogram.module.css';
import type { IndexRange } from './rangeCursor';
import { Legend } from './Legend';
import { useRangeCursor } from './useRangeCursor';

export interface HistogramSeries {
  readonly id: string;
  readonly label: string;
  /** A style such as `var(--error)`. */
  readonly colour: string;
}

export interface HistogramBucket {
  /** What it holds, such as "14:00 – 14:05". */
  readonly label: string;
  /** One for each of the series, drawn from the bottom up. */
  readonly values: readonly number[];
}

export interface HistogramProps {
  readonly label: string;
  readonly series: readonly HistogramSeries[];
  readonly buckets: readonly HistogramBucket[];
  /** Pixels. */
  readonly height?: number;
  readonly format?: (value: number) => string;
  /** What stands below the left and the right edge. */
  readonly ends: readonly [string, string];
  /** A choice of buckets, by drag or by keys. Without it nothing can be chosen. */
  readonly onRange?: ((range: IndexRange) => void) | undefined;
  readonly testId?: string;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Counts of buckets as stacked bars, from which a range of buckets can be chosen. */
export function Histogram(props: HistogramProps) {
  const { series, buckets, height = 96, format = formatCount, onRange } = props;
  const hintId = useId();
  const { at, selection, handlers } = useRangeCursor(buckets.length, onRange);
  const looked = at === undefined ? undefined : buckets[at];
  const totals = series.map((_, index) => sum(buckets.map(({ values }) => values[index] ?? 0)));
  const shown = looked?.values ?? totals;
  const items = series.map((one, index) => ({ ...one, text: format(shown[index] ?? 0) }));
  const entries = items.map(({ label, text }) => `${label} ${text}`).join(', ');
  return (
    <figure className={styles.figure} aria-label={props.label} data-testid={props.testId}>
      <Legend title={looked?.label ?? 'All'} items={items} />
      <div
        className={classNames(styles.chart, onRange !== undefined && styles.selectable)}
        style={{ height }}
        role="slider"
        tabIndex={0}
        aria-label={props.label}
        aria-describedby={onRange === undefined ? undefined : hintId}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, buckets.length - 1)}
        aria-valuenow={at ?? Math.max(0, buckets.length - 1)}
        aria-valuetext={`${looked?.label ?? 'All'}: ${entries}`}
        {...handlers}
      >
        <BarsOf buckets={buckets} series={series} />
        {at !== undefined && <Cover range={selection ?? { first: at, last: at }} {...props} />}
      </div>
      {onRange !== undefined && (
        <span id={hintId} className="visually-hidden">
          Arrow keys move, Shift with them selects, Enter chooses what is selected.
        </span>
      )}
      <div className={styles.ends} aria-hidden="true">
        <span>{props.ends[0]}</span>
        <span>{props.ends[1]}</span>
      </div>
    </figure>
  );
}

function BarsOf(props: Pick<HistogramProps, 'buckets' | 'series'>) {
  const { buckets, series } = props;
  const most = Math.max(1, ...buckets.map(({ values }) => sum(values)));
  return (
    <svg
      className={styles.bars}
      viewBox={`0 0 ${Math.max(1, buckets.length)} ${most}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {buckets.map(({ values }, place) => {
        let below = 0;
        return series.map(({ id, colour }, index) => {
          const value = values[index] ?? 0;
          if (value <= 0) return undefined;
          below += value;
          return (
            <rect
              key={`${place} ${id}`}
              x={place + 0.08}
              y={most - below}
              width={0.84}
              height={value}
              fill={colour}
            />
          );
        });
      })}
    </svg>
  );
}

/** What is looked at or selected. */
function Cover(props: { readonly range: IndexRange } & Pick<HistogramProps, 'buckets'>) {
  const { first, last } = props.range;
  const count = Math.max(1, props.buckets.length);
  return (
    <span
      className={styles.cover}
      style={{
        left: `${(100 * first) / count}%`,
        width: `${(100 * (last - first + 1)) / count}%`,
      }}
    />
  );
}
