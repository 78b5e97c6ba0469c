// SPDX-License-Identifier: Apache-2.0

import { compareStart } from './spanEntry';
import type { Entry } from './spanEntry';

/** The reason given to a span whose ancestors lead back to itself. */
export const cycleReason = 'part of a cycle of parents';

/** The ids of the earliest span of every cycle of parents, as the spans name them. */
export function findCycleHeads(entries: ReadonlyMap<string, Entry>): ReadonlySet<string> {
  const heads = new Set<string>();
  const done = new Set<Entry>();
  for (const start of entries.values()) {
    const path: Entry[] = [];
    const onPath = new Set<Entry>();
    let entry: Entry | undefined = start;
    while (entry !== undefined && !done.has(entry) && !onPath.has(entry)) {
      path.push(entry);
      onPath.add(entry);
      const parentId: string | undefined = entry.span?.parentId;
      entry = parentId === undefined ? undefined : entries.get(parentId);
    }
    if (entry !== undefined && onPath.has(entry)) {
      const [head] = path.slice(path.indexOf(entry)).sort(compareStart);
      if (head !== undefined) heads.add(head.id);
    }
    for (const passed of path) done.add(passed);
  }
  return heads;
}
