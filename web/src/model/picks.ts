// SPDX-License-Identifier: Apache-2.0
// The runs that are ticked to be compared, as they stand in an address: at most two ids.

const most = 2;
const runId = /^[0-9a-f]{1,32}$/;

export function readPicks(text: string | undefined): readonly string[] {
  const ids = (text ?? '').split(',').filter((id) => runId.test(id));
  return [...new Set(ids)].slice(0, most);
}

/** Ticks a run or takes its tick away; a third one takes the place of the one that was ticked last. */
export function togglePick(picks: readonly string[], id: string): string | undefined {
  const next = picks.includes(id)
    ? picks.filter((other) => other !== id)
    : [...picks.slice(0, most - 1), id];
  return next.length === 0 ? undefined : next.join(',');
}
