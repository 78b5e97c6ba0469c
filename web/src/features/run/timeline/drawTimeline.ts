// SPDX-License-Identifier: Apache-2.0
// The bars of a timeline on a canvas. Only lanes and bars that are seen are looked at, and bars too close
// to be told apart are drawn as one.

import type { Colours } from '../../../model/barColours';
import type { Span } from '../../../model/span';
import { axisTicks } from '../../../model/timeAxis';
import type { Timeline } from '../../../model/timeline';
import { eachDrawnBar } from '../../../model/timelineBars';
import type { DrawnBar } from '../../../model/timelineBars';
import { lengthOf } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';
import { kindColour } from '../../../parts/kindColour';
import { seriesColour } from '../../../parts/seriesColour';
import type { Brush } from '../../../ui/useCanvas';
import { makeLabels } from './barLabels';
import type { Labels } from './barLabels';

export const laneHeight = 20;
const barHeight = laneHeight - 3;
const leastForText = 34;
/** So many axis labels at most. */
export const mostTicks = 8;

export interface Picture {
  readonly timeline: Timeline;
  readonly window: TimeWindow;
  /** Pixels above the first lane that are scrolled away. */
  readonly scrollTop: number;
  readonly colours: Colours;
  /** Rows of the tree; -1 for none. */
  readonly selectedRow: number;
  readonly activeRow: number;
  /** Spans that are looked for; undefined while nothing is. */
  readonly matches: ReadonlySet<string> | undefined;
  /** Dims what the run did not wait for. */
  readonly isPathOnly: boolean;
  readonly collapsed: ReadonlySet<string>;
}

/** The style of a name's colour; a place below 0 is that of all other names. */
export function nameColour(place: number): string {
  return place < 0 ? 'var(--kind-other)' : seriesColour(place);
}

function drawGrid(brush: Brush, { window }: Picture): void {
  const { context, width, height, colourOf } = brush;
  context.fillStyle = colourOf('var(--line)');
  for (const tick of axisTicks(window, mostTicks))
    context.fillRect(Math.round(tick.at * width), 0, 1, height);
}

/** A tinted ground below all that an agent did. */
function drawAgents(brush: Brush, picture: Picture): void {
  const { context, width, height, colourOf } = brush;
  const { timeline, window, scrollTop } = picture;
  const scale = width / lengthOf(window);
  context.fillStyle = colourOf(kindColour('agent'));
  for (const { from, to, lane, lanes } of timeline.agents) {
    const top = lane * laneHeight - scrollTop;
    if (to < window.from || from > window.to || top > height) continue;
    if (top + lanes * laneHeight < 0) continue;
    const left = Math.max(0, (from - window.from) * scale);
    const right = Math.min(width, (to - window.from) * scale);
    context.globalAlpha = 0.05;
    context.fillRect(left, top, Math.max(1, right - left), lanes * laneHeight - 2);
  }
  context.globalAlpha = 1;
}

function isOnPath(span: Span): boolean {
  return (span.criticalSeconds ?? 0) > 0;
}

class BarPainter {
  private readonly labels: Labels;

  constructor(
    private readonly brush: Brush,
    private readonly picture: Picture,
  ) {
    const { context } = brush;
    context.font = `12px ${brush.family}`;
    context.textBaseline = 'middle';
    this.labels = makeLabels(context);
  }

  private styleOf(row: number): string {
    const { colours, timeline } = this.picture;
    const place = colours.places[row];
    const kind = timeline.tree.nodes[row]?.span.kind ?? 'other';
    return place === undefined ? kindColour(kind) : nameColour(place);
  }

  private isDim(span: Span): boolean {
    const { matches, isPathOnly } = this.picture;
    if (matches?.has(span.id) === false) return true;
    return isPathOnly && !isOnPath(span);
  }

  draw({ x, width, bar, count }: DrawnBar, y: number): void {
    const { context, colourOf } = this.brush;
    const { timeline, activeRow, selectedRow } = this.picture;
    const row = timeline.rows[bar] ?? -1;
    const span = timeline.tree.nodes[row]?.span;
    if (span === undefined) return;
    const isFailed = span.status === 'failed';
    const weight = this.isDim(span) ? 0.25 : 1;
    const isSmall = width < 6;
    context.fillStyle = colourOf(this.styleOf(row));
    context.globalAlpha = weight * (isSmall ? 0.85 : 0.3);
    context.fillRect(x, y, width, barHeight);
    context.globalAlpha = weight;
    if (!isSmall) context.fillRect(x, y, 2, barHeight);
    if (isFailed) {
      context.fillStyle = colourOf('var(--error)');
      context.fillRect(x, y, width, 2.5);
      if (isSmall) context.fillRect(x - 1, y, width + 2, 6);
    }
    if (isOnPath(span)) {
      context.fillStyle = colourOf('var(--text)');
      context.fillRect(x, y + barHeight - 2, width, 2);
    }
    if (span.endNs === undefined) this.openEnd(x, y, width);
    if (width >= leastForText && count === 1) this.label(row, x, y, width, weight);
    if (row === selectedRow || row === activeRow) this.outline(x, y, width, row === selectedRow);
    context.globalAlpha = 1;
  }

  /** What has not ended fades into the ground. */
  private openEnd(x: number, y: number, width: number): void {
    const { context, colourOf } = this.brush;
    const size = Math.min(width, 24);
    context.fillStyle = colourOf('var(--surface)');
    for (let step = 0; step < size; step += 6)
      context.fillRect(x + width - step - 2, y, 3, barHeight);
  }

  private label(row: number, x: number, y: number, width: number, weight: number): void {
    const { context, colourOf } = this.brush;
    const node = this.picture.timeline.tree.nodes[row];
    if (node === undefined) return;
    const text = this.labels.fit(node, this.picture.collapsed.has(node.span.id), width - 10);
    if (text === '') return;
    context.globalAlpha = weight < 1 ? 0.6 : 1;
    context.fillStyle = colourOf(node.span.status === 'failed' ? 'var(--error)' : 'var(--text)');
    context.fillText(text, x + 6, y + barHeight / 2);
  }

  private outline(x: number, y: number, width: number, isSelected: boolean): void {
    const { context, colourOf } = this.brush;
    context.globalAlpha = 1;
    context.strokeStyle = colourOf(isSelected ? 'var(--accent)' : 'var(--focus)');
    context.lineWidth = 2;
    context.setLineDash(isSelected ? [] : [3, 2]);
    context.strokeRect(x, y, Math.max(3, width), barHeight);
    context.setLineDash([]);
  }
}

export function drawTimeline(brush: Brush, picture: Picture): void {
  const { timeline, window, scrollTop } = picture;
  if (lengthOf(window) <= 0) return;
  drawGrid(brush, picture);
  drawAgents(brush, picture);
  const painter = new BarPainter(brush, picture);
  const selectedBar = timeline.bars[picture.selectedRow] ?? -1;
  const view = { window, width: brush.width, selectedBar };
  const first = Math.max(0, Math.floor(scrollTop / laneHeight));
  const last = Math.min(
    timeline.laneCount - 1,
    Math.floor((scrollTop + brush.height) / laneHeight),
  );
  for (let lane = first; lane <= last; lane++) {
    const y = lane * laneHeight - scrollTop + 1;
    eachDrawnBar(timeline, lane, view, (drawn) => painter.draw(drawn, y));
  }
}
