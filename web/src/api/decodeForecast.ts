// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readObjects, readText } from '../base/json';
import type { Backtest, Forecast, ForecastStep, MonthEnd, Range } from '../model/forecast';
import { DecodeError } from './decodeError';
import { readMs } from './decodeSums';
import type { Fields, Schemas, Wire } from './wire';

function decodeBand(band: Wire<'ForecastBand'> | undefined): Range {
  const low = readNumber(band ?? {}, 'low');
  const high = readNumber(band ?? {}, 'high');
  if (low === undefined || high === undefined) throw new DecodeError('a forecast has no band');
  return { low, high };
}

function decodeStep(step: Wire<'ForecastStep'>): ForecastStep {
  const timeMs = readMs(step, 'time');
  const mean = readNumber(step, 'mean');
  if (timeMs === undefined || mean === undefined)
    throw new DecodeError('a step of the forecast has no time or value');
  return { timeMs, mean, p80: decodeBand(readObject(step, 'p80')) };
}

function decodeBacktest(backtest: Wire<'Backtest'> | undefined): Backtest | undefined {
  if (backtest === undefined) return undefined;
  return {
    origins: readNumber(backtest, 'origins') ?? 0,
    values: readNumber(backtest, 'compared_values') ?? 0,
    meanError: readNumber(backtest, 'mean_absolute_error') ?? 0,
    naiveError: readNumber(backtest, 'naive_error') ?? 0,
    coverage80: readNumber(backtest, 'coverage_80') ?? 0,
  };
}

function decodeMonthEnd(month: Wire<'MonthEnd'> | undefined): MonthEnd | undefined {
  if (month === undefined) return undefined;
  const soFar = readNumber(month, 'so_far');
  const expected = readNumber(month, 'expected');
  if (soFar === undefined || expected === undefined) return undefined;
  return {
    month: readText(month, 'month') ?? '',
    basis: readText(month, 'basis') ?? '',
    soFar,
    expected,
    low: readNumber(month, 'low') ?? expected,
    high: readNumber(month, 'high') ?? expected,
  };
}

export function decodeForecast(value: unknown): Forecast {
  if (!isObject(value)) throw new DecodeError('the forecast is not an object');
  const answer: Wire<'Forecast'> = value;
  const history: Fields<Schemas['Forecast']['history']> = readObject(answer, 'history') ?? {};
  return {
    basis: readText(answer, 'basis') ?? 'nothing',
    message: readText(answer, 'message'),
    historyFromMs: readMs(history, 'start'),
    knownSteps: readNumber(history, 'known_steps') ?? 0,
    steps: readObjects(answer, 'forecast').map(decodeStep),
    backtest: decodeBacktest(readObject(answer, 'backtest')),
    costStatus: readText(answer, 'cost_status'),
    unpricedCalls: readNumber(answer, 'unpriced_calls') ?? 0,
    monthEnd: decodeMonthEnd(readObject(answer, 'month_end')),
  };
}
