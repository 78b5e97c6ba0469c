// SPDX-License-Identifier: Apache-2.0

/** As many as there are colours that can be told apart. */
export const seriesCount = 8;

/** The style of a series by its place; colours are taken in turn. */
export function seriesColour(place: number): string {
  return `var(--series-${(place % seriesCount) + 1})`;
}
