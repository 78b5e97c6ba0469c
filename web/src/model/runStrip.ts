// SPDX-License-Identifier: Apache-2.0
// Runs side by side in time, and the pauses between them.

import type { Run } from './run';

export interface StripRun {
  readonly run: Run;
  /** Percent of the width. */
  readonly left: number;
  readonly width: number;
}

export interface Strip {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly runs: readonly StripRun[];
}

const leastWidth = 0.4;

/** Where each run lies between the first start and the last end; undefined where no start is known. */
export function stripOf(runs: readonly Run[], nowNs: bigint): Strip | undefined {
  const known = runs.flatMap((run) => {
    if (run.startNs === undefined) return [];
    const endNs = run.endNs ?? (run.status === 'running' ? nowNs : run.startNs);
    return [{ run, startNs: run.startNs, endNs: endNs > run.startNs ? endNs : run.startNs }];
  });
  const [first] = known;
  if (first === undefined) return undefined;
  const startNs = known.reduce(
    (least, one) => (one.startNs < least ? one.startNs : least),
    first.startNs,
  );
  const endNs = known.reduce((most, one) => (one.endNs > most ? one.endNs : most), first.endNs);
  const whole = Number(endNs - startNs);
  const percent = (ns: bigint): number => (whole === 0 ? 0 : (100 * Number(ns)) / whole);
  return {
    startNs,
    endNs,
    runs: known.map((one) => {
      const width = Math.max(leastWidth, percent(one.endNs - one.startNs));
      return {
        run: one.run,
        left: Math.min(100 - leastWidth, percent(one.startNs - startNs)),
        width: Math.min(width, 100),
      };
    }),
  };
}
