// SPDX-License-Identifier: Apache-2.0
// What comes next, and how far such forecasts were off in the past.

export const forecastMeasures = ['runs', 'cost', 'tokens', 'duration', 'failure_rate'] as const;
export type ForecastMeasure = (typeof forecastMeasures)[number];

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface ForecastStep {
  readonly timeMs: number;
  readonly mean: number;
  readonly p80: Range;
}

export interface Backtest {
  /** Moments of the past at which the same forecast was made. */
  readonly origins: number;
  readonly values: number;
  readonly meanError: number;
  /** Of repeating the last season. */
  readonly naiveError: number;
  /** Share of what came that lay inside the 80 % band. */
  readonly coverage80: number;
}

export interface Forecast {
  readonly basis: string;
  readonly message: string | undefined;
  readonly knownSteps: number;
  /** Of the first step with a run; undefined where nothing is known. */
  readonly historyFromMs: number | undefined;
  readonly steps: readonly ForecastStep[];
  readonly backtest: Backtest | undefined;
  readonly costStatus: string | undefined;
  readonly unpricedCalls: number;
  readonly monthEnd: MonthEnd | undefined;
}

/** What the month that goes on comes to, with the 80 % band. */
export interface MonthEnd extends Range {
  /** 2026-03. */
  readonly month: string;
  /** `little_data`: the band is a rule of thumb. */
  readonly basis: string;
  readonly soFar: number;
  readonly expected: number;
}
