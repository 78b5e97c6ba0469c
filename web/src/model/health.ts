// SPDX-License-Identifier: Apache-2.0
// Whether runs fail more often than they usually do. A fixed number of failures says nothing of that: a
// busy server reaches any number.

/** Runs of a period that came to an end. */
export interface Outcomes {
  readonly completed: number;
  readonly failed: number;
}

export type HealthVerdict = 'usual' | 'worse' | 'better' | 'unknown';

export interface FailureRate {
  readonly verdict: HealthVerdict;
  /** Percent; undefined where nothing ended. */
  readonly recent: number | undefined;
  readonly usual: number | undefined;
  /** Runs that ended, of those that began in the last hour, and in the time before that it is compared with. */
  readonly ended: number;
  readonly endedBefore: number;
}

/** Fewer ended runs than this say little about what is usual. */
export const leastForUsual = 20;
export const leastRecent = 5;
/** A difference that chance makes in fewer than one of a thousand hours. */
const unlikely = 0.001;

function percent({ completed, failed }: Outcomes): number | undefined {
  const ended = completed + failed;
  return ended === 0 ? undefined : (100 * failed) / ended;
}

/** How likely at most `failed` of `ended` runs fail, when each does with the given chance. */
function chanceOfAtMost(failed: number, ended: number, chance: number): number {
  // In logarithms, since the single terms of many runs are too small for a number.
  let logTerm = ended * Math.log1p(-chance);
  let sum = 0;
  for (let count = 0; count <= failed; count++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((ended - count) / (count + 1)) + Math.log(chance / (1 - chance));
  }
  return Math.min(1, sum);
}

/**
 * Compares the failures of the last hour with those that the share of the time before lets expect, so
 * that one failure of a few runs is not called worse than usual.
 */
export function compareFailures(recent: Outcomes, before: Outcomes): FailureRate {
  const ended = recent.completed + recent.failed;
  const endedBefore = before.completed + before.failed;
  const rates = { recent: percent(recent), usual: percent(before), ended, endedBefore };
  if (ended < leastRecent || endedBefore < leastForUsual) return { verdict: 'unknown', ...rates };
  // A failure may come although none has come yet.
  const chance = (before.failed + 1) / (endedBefore + 2);
  const atLeast = recent.failed === 0 ? 1 : 1 - chanceOfAtMost(recent.failed - 1, ended, chance);
  if (atLeast < unlikely) return { verdict: 'worse', ...rates };
  const isBetter = chanceOfAtMost(recent.failed, ended, chance) < unlikely;
  return { verdict: isBetter ? 'better' : 'usual', ...rates };
}
