// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { useSums } from '../../api/sumQueries';
import { useForecast } from '../../api/workflowQueries';
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatPercent,
  formatUsd,
  plural,
} from '../../base/format';
import { forecastMeasures } from '../../model/forecast';
import type { Backtest, Forecast, ForecastMeasure } from '../../model/forecast';
import { readPageScope } from '../../model/period';
import type { PageScope } from '../../model/period';
import { joinForecast } from '../../model/forecastSeries';
import type { Sums } from '../../model/sums';
import { AnswerOf } from '../../parts/AnswerOf';
import { useAddress } from '../../parts/useAddress';
import { Card } from '../../ui/Card';
import { EmptyState, Note } from '../../ui/Notice';
import { SelectField } from '../../ui/SelectField';
import { Trend } from '../../ui/Trend';
import { percentOf } from './sampleText';
import { forecastLabels, texts } from './texts';
import styles from './Workflows.module.css';

const options = forecastMeasures.map((value) => ({ value, label: forecastLabels[value] }));
const historyScope = readPageScope({}, '7d');
/** What the sums call the measures of a forecast. */
const sumMeasures: Readonly<Record<ForecastMeasure, string>> = {
  runs: 'count',
  cost: 'cost',
  tokens: 'tokens',
  duration: 'average_duration',
  failure_rate: 'failure_rate',
};

function formatMeasure(value: number, measure: ForecastMeasure): string {
  switch (measure) {
    case 'runs':
      return formatCount(value);
    case 'cost':
      return formatUsd(value);
    case 'tokens':
      return formatCompact(Math.round(value));
    case 'duration':
      return formatDuration(value);
    case 'failure_rate':
      return formatPercent(Math.round(value * 10) / 10);
  }
}

/** The next 24 hours by the hour, beside the last seven days, with the band and how far off it used to be. */
export function ForecastView(props: { readonly scope: PageScope; readonly name: string }) {
  const { search, change } = useAddress();
  const measure = forecastMeasures.find((one) => one === search['measure']) ?? 'runs';
  const query = useForecast(props.name, measure, 'hour');
  const past = useSums(historyScope, {
    measures: [sumMeasures[measure]],
    of: 'runs',
    steps: 168,
    workflow: props.name,
  });
  return (
    <Card
      title={texts.forecast}
      testId="forecast"
      end={
        <SelectField
          label="What of the runs"
          value={measure}
          options={options}
          onChange={(value) => change({ measure: value === 'runs' ? undefined : value })}
        />
      }
    >
      <AnswerOf query={query} what="the forecast" lines={7}>
        {(forecast) =>
          forecast.steps.length === 0 ? (
            <EmptyState title="There is no forecast" isCompact>
              {forecast.message ?? 'Too little is known of the past.'}
            </EmptyState>
          ) : (
            <ForecastFound forecast={forecast} past={past.data} measure={measure} />
          )
        }
      </AnswerOf>
    </Card>
  );
}

function ForecastFound(props: {
  readonly forecast: Forecast;
  readonly past: Sums | undefined;
  readonly measure: ForecastMeasure;
}) {
  const { forecast, past, measure } = props;
  const chart = useMemo(
    () => joinForecast(past, sumMeasures[measure], forecast.steps, forecast.historyFromMs),
    [past, measure, forecast],
  );
  const series = useMemo(
    () => [
      { id: 'past', label: 'as it was', colour: 'var(--series-1)', values: chart.past },
      {
        id: 'expected',
        label: 'expected',
        colour: 'var(--series-6)',
        values: chart.mean,
        isDashed: true,
      },
    ],
    [chart],
  );
  const bands = useMemo(
    () => [{ label: '80 % band', colour: 'var(--series-6)', low: chart.low, high: chart.high }],
    [chart],
  );
  const format = useMemo(() => (value: number) => formatMeasure(value, measure), [measure]);
  return (
    <div className={styles.panel}>
      {forecast.message !== undefined && <Note>{forecast.message}</Note>}
      {measure === 'cost' && forecast.unpricedCalls > 0 && (
        <Note>
          {plural(forecast.unpricedCalls, 'call')} without a known price are not part of it.
        </Note>
      )}
      <Trend
        label={`${forecastLabels[measure]} by the hour`}
        times={chart.times}
        series={series}
        bands={bands}
        format={format}
        height={220}
        testId="forecast-trend"
      />
      <PastError backtest={forecast.backtest} format={format} />
    </div>
  );
}

/** How far off the same forecast was at moments of the past. */
function PastError(props: {
  readonly backtest: Backtest | undefined;
  readonly format: (value: number) => string;
}) {
  const { backtest, format } = props;
  if (backtest === undefined)
    return (
      <p className={styles.hint} data-testid="past-error">
        How far off such forecasts are is not known: there is too little past to try them on.
      </p>
    );
  return (
    <p className={styles.hint} data-testid="past-error">
      Made at {plural(backtest.origins, 'moment')} of the past, it was off by{' '}
      <strong>{format(backtest.meanError)}</strong> an hour on average (repeating the last season:{' '}
      {format(backtest.naiveError)}); {percentOf(backtest.coverage80)} of what came lay inside the
      80
      {'\u202f'}% band.
    </p>
  );
}
