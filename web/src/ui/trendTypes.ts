// SPDX-License-Identifier: Apache-2.0

import type { SomeValues } from './linePath';

export interface TrendSeries {
  readonly id: string;
  readonly label: string;
  /** A style such as `var(--series-1)`. */
  readonly colour: string;
  /** One for each of the times; undefined where nothing is known. */
  readonly values: SomeValues;
  /** Expected and not measured. */
  readonly isDashed?: boolean;
}

/** Between which values something is expected to be. */
export interface TrendBand {
  readonly label: string;
  readonly colour: string;
  readonly low: SomeValues;
  readonly high: SomeValues;
}

export interface TrendProps {
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly TrendSeries[];
  readonly bands?: readonly TrendBand[];
  readonly format: (value: number) => string;
  /** Pixels of the chart; `fill` takes what the legend leaves of the height that is given to both. */
  readonly height?: number | 'fill';
  /** A choice of time, in seconds since 1970, by drag or by keys. Without it nothing can be chosen. */
  readonly onRange?: ((from: number, to: number) => void) | undefined;
  readonly testId?: string;
}
