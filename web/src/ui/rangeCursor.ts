// SPDX-License-Identifier: Apache-2.0
// Where a reader is in a row of values, and what is selected, by keys and by pointer alike.

export interface RangeCursor {
  readonly at: number;
  /** Where the selection began; undefined without one. */
  readonly anchor: number | undefined;
}

export interface IndexRange {
  readonly first: number;
  /** Part of the range. */
  readonly last: number;
}

const pageSteps = 10;

function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return at + 1;
    case 'ArrowLeft':
      return at - 1;
    case 'PageDown':
      return at + pageSteps;
    case 'PageUp':
      return at - pageSteps;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** After a key among `count` values; undefined for keys that do not move. With Shift the selection grows. */
export function moveCursor(
  cursor: RangeCursor,
  press: { readonly key: string; readonly isShift: boolean },
  count: number,
): RangeCursor | undefined {
  const wanted = target(press.key, cursor.at, count);
  if (wanted === undefined || count === 0) return undefined;
  return {
    at: Math.min(count - 1, Math.max(0, wanted)),
    anchor: press.isShift ? (cursor.anchor ?? cursor.at) : undefined,
  };
}

export function rangeOf({ at, anchor = at }: RangeCursor): IndexRange {
  return { first: Math.min(at, anchor), last: Math.max(at, anchor) };
}

/** The value below a point, `share` of the way from the left edge to the right. */
export function indexAt(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}
