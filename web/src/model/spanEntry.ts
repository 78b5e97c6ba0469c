// SPDX-License-Identifier: Apache-2.0

import { isParentAwaited } from './span';
import type { Span } from './span';

/** A span, or the place kept for one, with what hangs below it. Changed in place by the forest only. */
export interface Entry {
  readonly id: string;
  /** Undefined while only children have come. */
  span: Span | undefined;
  /** Its own start; the earliest start below it while it has not come. */
  startNs: bigint | undefined;
  /** Orders spans that start at the same time. */
  arrival: number;
  parent: Entry | undefined;
  children: Entry[];
  /** Children are put in order when they are drawn, not each time one comes. */
  isSorted: boolean;
}

export function makeEntry(id: string, arrival: number): Entry {
  return {
    id,
    arrival,
    span: undefined,
    startNs: undefined,
    parent: undefined,
    children: [],
    isSorted: true,
  };
}

/** Earlier first; what has no start comes last; ties keep the order of arrival. */
export function compareStart(left: Entry, right: Entry): number {
  if (left.startNs === right.startNs) return left.arrival - right.arrival;
  if (left.startNs === undefined) return 1;
  if (right.startNs === undefined) return -1;
  return left.startNs < right.startNs ? -1 : 1;
}

/** Whether an entry is the other one or somewhere below it. */
export function isBelow(entry: Entry, above: Entry): boolean {
  for (let at: Entry | undefined = entry; at !== undefined; at = at.parent)
    if (at === above) return true;
  return false;
}

export function hang(entry: Entry, parent: Entry): void {
  const last = parent.children.at(-1);
  parent.children.push(entry);
  entry.parent = parent;
  if (last !== undefined && compareStart(last, entry) > 0) parent.isSorted = false;
}

/** True for a parent that is still to come, by what is known of its children. */
export function isAwaited(entry: Entry): boolean {
  return (
    entry.span === undefined &&
    entry.children.some((child) => isParentAwaited(child.span?.parentMissing))
  );
}
