// SPDX-License-Identifier: Apache-2.0

import type { ForecastStep } from './forecast';
import { stepTimes, valuesOver } from './sums';
import type { Sums } from './sums';

type Values = readonly (number | undefined)[];

/** What was and what is expected on one axis of time. */
export interface ForecastSeries {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly past: Values;
  readonly mean: Values;
  readonly low: Values;
  readonly high: Values;
}

/**
 * The past up to where the forecast begins, then the forecast. The step that goes on is part of neither: it
 * is not whole, and what is expected of it stands in the forecast. Before `historyFromMs` there was no run.
 */
export function joinForecast(
  past: Sums | undefined,
  measure: string,
  steps: readonly ForecastStep[],
  historyFromMs = -Infinity,
): ForecastSeries {
  const beginsMs = steps[0]?.timeMs ?? Infinity;
  const all = past === undefined ? [] : stepTimes(past);
  const before = all.filter((ms) => ms < beginsMs && ms >= historyFromMs);
  const nothingBefore = before.map(() => undefined);
  const ahead = <Value>(value: (step: ForecastStep) => Value) => [
    ...nothingBefore,
    ...steps.map(value),
  ];
  return {
    times: [...before, ...steps.map(({ timeMs }) => timeMs)].map((ms) => ms / 1000),
    past: [...valuesOver(past?.groups[0], measure, before), ...steps.map(() => undefined)],
    mean: ahead(({ mean }) => mean),
    low: ahead(({ p80 }) => p80.low),
    high: ahead(({ p80 }) => p80.high),
  };
}
