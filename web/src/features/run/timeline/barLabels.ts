// SPDX-License-Identifier: Apache-2.0
// What is written on the bars of a timeline. Measuring texts is what costs the most of a drawing, so that
// widths are kept.

import { formatCompact, formatDuration, plural } from '../../../base/format';
import { formatCost } from '../../../model/cost';
import type { SpanNode } from '../../../model/spanTree';

export interface Labels {
  /** As much of the label as there is room for, in pixels; empty where it would say nothing. */
  readonly fit: (node: SpanNode, isCollapsed: boolean, room: number) => string;
}

const leastLetters = 3;
const mostKept = 20_000;

/** Widths of texts by font: a font does not change what it was. */
const widths = new Map<string, Map<string, number>>();

function widthsOf(font: string): Map<string, number> {
  const known = widths.get(font) ?? new Map<string, number>();
  if (known.size > mostKept) known.clear();
  widths.set(font, known);
  return known;
}

/** What a collapsed span keeps from sight. */
function sumText({ span, descendants }: SpanNode): string {
  const { rollUp } = span;
  const parts = [`+${formatCompact(descendants)}`];
  if (rollUp !== undefined && rollUp.modelCalls > 0) {
    parts.push(`Σ\u00a0${formatCompact(rollUp.tokens)} tokens`);
    if (rollUp.cost.kind !== 'nothing') parts.push(formatCost(rollUp.cost));
  }
  const below = (rollUp?.errors ?? 0) - (span.status === 'failed' ? 1 : 0);
  if (below > 0) parts.push(plural(below, 'error'));
  return parts.join(' · ');
}

/** "✕" says that it failed to those who do not see the colour. */
export function labelOf(node: SpanNode, isCollapsed: boolean): string {
  const { span } = node;
  const sign = span.status === 'failed' ? '✕ ' : '';
  const text = `${sign}${span.title}`;
  if (isCollapsed && node.descendants > 0) return `${text}  ${sumText(node)}`;
  if (span.endNs === undefined) return `${text}  …`;
  return `${text}  ${formatDuration(span.durationSeconds)}`;
}

/** The beginning of a text that is `width` wide, so that it fits into `room`. */
export function cutText(text: string, width: number, room: number): string {
  if (width <= room) return text;
  const letters = Math.floor((room / width) * text.length) - 1;
  return letters < leastLetters ? '' : `${text.slice(0, letters).trimEnd()}…`;
}

export function makeLabels(context: CanvasRenderingContext2D): Labels {
  const known = widthsOf(context.font);
  const widthOf = (text: string): number => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const { width } = context.measureText(text);
    known.set(text, width);
    return width;
  };
  return {
    fit: (node, isCollapsed, room) => {
      const whole = labelOf(node, isCollapsed);
      if (widthOf(whole) <= room) return whole;
      const name = `${node.span.status === 'failed' ? '✕ ' : ''}${node.span.title}`;
      return cutText(name, widthOf(name), room);
    },
  };
}
