// SPDX-License-Identifier: Apache-2.0
// What the drawing library is told.

import uPlot from 'uplot';
import { formatTick } from '../base/clock';
import type { Zone } from '../base/clock';
import type { ColourOf } from './themeColours';
import { trendScale } from './trendScale';
import type { TrendBand, TrendProps, TrendSeries } from './trendTypes';

export interface Drawing {
  readonly times: readonly number[];
  readonly series: readonly TrendSeries[];
  readonly bands: readonly TrendBand[];
  readonly format: TrendProps['format'];
}

export interface DrawingLook {
  readonly colourOf: ColourOf;
  readonly font: string;
  readonly zone: Zone;
}

/** Pixels around the values, which axes take. */
export const plotPadding = { top: 8, right: 18, bottom: 26, left: 62 } as const;

/** A gap for the library, where nothing is known. */
function withGaps(values: readonly (number | undefined)[]) {
  return values.map((value) => value ?? null);
}

/** Bands first, so that lines are drawn over them. */
export function plotData({ times, series, bands }: Drawing): uPlot.AlignedData {
  return [
    [...times],
    ...bands.flatMap(({ low, high }) => [withGaps(high), withGaps(low)]),
    ...series.map(({ values }) => withGaps(values)),
  ];
}

function axes({ format }: Drawing, { colourOf, font, zone }: DrawingLook): uPlot.Axis[] {
  const shared = {
    stroke: colourOf('var(--text-muted)'),
    font: `11px ${font}`,
    grid: { stroke: colourOf('var(--line)'), width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...shared,
      size: plotPadding.bottom,
      space: 64,
      values: (_plot, marks, _axis, _space, step) =>
        marks.map((mark) => formatTick(mark * 1000, step * 1000, zone)),
    },
    {
      ...shared,
      size: plotPadding.left,
      space: 34,
      values: (_plot, marks) => marks.map(format),
    },
  ];
}

export function plotOptions(
  drawing: Drawing,
  look: DrawingLook,
  size: { readonly width: number; readonly height: number },
): uPlot.Options {
  const { from, to } = trendScale(drawing.times);
  const { colourOf } = look;
  const edge: uPlot.Series = { stroke: 'transparent', points: { show: false } };
  return {
    ...size,
    padding: [plotPadding.top, plotPadding.right, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    tzDate: (seconds) =>
      look.zone === 'utc'
        ? uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC')
        : new Date(seconds * 1000),
    scales: {
      x: { time: true, range: () => [from, to] },
      // A line that hardly moves must not look like one that does: zero is always on the axis.
      y: { range: (_plot, low, high) => valueRange(low, high) },
    },
    axes: axes(drawing, look),
    series: [
      {},
      ...drawing.bands.flatMap(() => [edge, edge]),
      ...drawing.series.map((series): uPlot.Series => ({
        stroke: colourOf(series.colour),
        width: 1.75,
        ...(series.isDashed === true ? { dash: [5, 4] } : {}),
        points: { size: 4 },
      })),
    ],
    bands: drawing.bands.map(({ colour }, index) => ({
      series: [1 + 2 * index, 2 + 2 * index],
      fill: withAlpha(colourOf(colour)),
    })),
  };
}

/** From zero to a little above the largest value. */
export function valueRange(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const top = Math.max(0, high);
  const bottom = Math.min(0, low);
  return top === bottom ? [0, 1] : [bottom * 1.06, top * 1.06];
}

/** A colour as computed by the browser, at a fifth of its strength. */
export function withAlpha(colour: string): string {
  return colour.replace(/^rgb\(([^)]+)\)$/, 'rgba($1, 0.2)');
}
