// SPDX-License-Identifier: Apache-2.0

export type SomeValues = readonly (number | undefined)[];

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Room above and below, so that a line at the edge is not cut. */
const margin = 1.5;

/**
 * A line through values, as the path of an SVG: the smallest at the bottom, the largest at the top, zero
 * included unless `isFromZero` is false. Unknown values leave a gap.
 */
export function linePath(values: SomeValues, box: Box, isFromZero = true): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return '';
  const highest = Math.max(...known, isFromZero ? 0 : -Infinity);
  const lowest = Math.min(...known, isFromZero ? 0 : Infinity);
  const step = values.length > 1 ? box.width / (values.length - 1) : 0;
  const scale = highest === lowest ? 0 : (box.height - 2 * margin) / (highest - lowest);
  const pieces: string[] = [];
  values.forEach((value, index) => {
    if (value === undefined) return;
    const y = box.height - margin - (value - lowest) * scale;
    const begins = values[index - 1] === undefined;
    pieces.push(`${begins ? 'M' : 'L'}${round(index * step)} ${round(y)}`);
    // A value between two unknown ones would be a line without length.
    if (begins && values[index + 1] === undefined) pieces.push('h0.1');
  });
  return pieces.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
