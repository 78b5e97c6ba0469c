// SPDX-License-Identifier: Apache-2.0

import { useEffect, useId, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatStretch } from '../base/clock';
import { absent } from '../base/format';
import { classNames } from './classNames';
import { Legend } from './Legend';
import type { LegendItem } from './Legend';
import { usePreferences } from './preferences';
import { useColourScheme, readColours } from './themeColours';
import { plotData, plotOptions, plotPadding } from './trendOptions';
import styles from './TrendPlot.module.css';
import { nearestTime, shareOf, trendScale } from './trendScale';
import type { TrendProps } from './trendTypes';
import { useRangeCursor } from './useRangeCursor';

type PlotProps = TrendProps & { readonly height: number | 'fill' };

function sizeOf(element: HTMLElement, height: number | 'fill') {
  return {
    width: Math.max(120, element.clientWidth),
    height: height === 'fill' ? Math.max(60, element.clientHeight) : height,
  };
}

/** Draws into an element whenever what is drawn, the theme or the size changes. */
function usePlot(props: PlotProps) {
  const { times, series, bands, format, height } = props;
  const holder = useRef<HTMLDivElement>(null);
  const scheme = useColourScheme();
  const { zone } = usePreferences();
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const drawing = { times, series, bands: bands ?? [], format };
    const colourOf = readColours(element);
    const look = { colourOf, font: getComputedStyle(element).fontFamily, zone };
    const size = sizeOf(element, height);
    const plot = new uPlot(plotOptions(drawing, look, size), plotData(drawing), element);
    const observer = new ResizeObserver(() => plot.setSize(sizeOf(element, height)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, series, bands, format, height, zone, scheme]);
  return holder;
}

/** What the legend says at a place, or of the newest values. */
function legendItems(props: TrendProps, at: number): readonly LegendItem[] {
  const text = (value: number | undefined): string =>
    value === undefined ? absent : props.format(value);
  return [
    ...props.series.map(({ id, label, colour, values }) => ({
      id,
      label,
      colour,
      text: text(values[at]),
    })),
    ...(props.bands ?? []).map(({ label, colour, low, high }) => ({
      id: label,
      label,
      colour,
      text: low[at] === undefined ? absent : `${text(low[at])} – ${text(high[at])}`,
    })),
  ];
}

/** The drawing of a `Trend`. */
export function TrendPlot(props: PlotProps) {
  const { times, height, onRange } = props;
  const hintId = useId();
  const { zone } = usePreferences();
  const scale = useMemo(() => trendScale(times), [times]);
  const step = times.length > 1 ? (scale.to - scale.from) / times.length : 3600;
  const choose =
    onRange === undefined
      ? undefined
      : ({ first, last }: { first: number; last: number }) =>
          onRange(times[first] ?? scale.from, (times[last] ?? scale.to) + step);
  const { at, selection, handlers } = useRangeCursor(times.length, choose, (share) =>
    nearestTime(times, share, scale),
  );
  const holder = usePlot(props);
  const place = at ?? times.length - 1;
  const time = times[place];
  const items = legendItems(props, place);
  const title =
    time === undefined ? 'Nothing yet' : formatStretch(time * 1000, (time + step) * 1000, zone);
  return (
    <figure
      className={classNames(styles.figure, height === 'fill' && styles.filling)}
      aria-label={props.label}
      data-testid={props.testId}
    >
      <Legend title={title} items={items} />
      <div className={styles.chart} style={height === 'fill' ? undefined : { height }}>
        <div ref={holder} aria-hidden="true" />
        <div
          className={classNames(styles.over, onRange !== undefined && styles.selectable)}
          style={plotPadding}
          role="slider"
          tabIndex={0}
          aria-label={props.label}
          aria-describedby={onRange === undefined ? undefined : hintId}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, times.length - 1)}
          aria-valuenow={Math.max(0, place)}
          aria-valuetext={`${title}: ${items.map(({ label, text }) => `${label} ${text}`).join(', ')}`}
          {...handlers}
        >
          {at !== undefined && time !== undefined && (
            <span className={styles.cursor} style={{ left: `${100 * shareOf(time, scale)}%` }} />
          )}
          {selection !== undefined && (
            <span
              className={styles.cover}
              style={{
                left: `${100 * shareOf(times[selection.first] ?? scale.from, scale)}%`,
                right: `${100 - 100 * shareOf(times[selection.last] ?? scale.to, scale)}%`,
              }}
            />
          )}
        </div>
      </div>
      {onRange !== undefined && (
        <span id={hintId} className="visually-hidden">
          Arrow keys move, Shift with them selects, Enter chooses what is selected.
        </span>
      )}
    </figure>
  );
}
