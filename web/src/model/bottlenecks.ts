// SPDX-License-Identifier: Apache-2.0
// What runs of a workflow spend their time waiting for, and what would make them shorter.

import type { Cost } from './cost';

/** The newest runs that were read. */
export interface Sample {
  readonly runs: number;
  readonly hasMore: boolean;
  readonly goingOn: number;
}

export interface PathStep {
  readonly step: string;
  /** Of the duration of all runs. */
  readonly shareOfTime: number;
  readonly shareOfCost: number | undefined;
  readonly runs: number;
  readonly secondsPerRun: number;
  readonly slackSeconds: number;
  readonly shorterIfHalf: number;
}

export interface SelfTime {
  readonly step: string;
  /** Of the self time of all steps. */
  readonly share: number;
  readonly secondsPerRun: number;
  readonly calls: number;
}

export interface SerialCalls {
  readonly first: string;
  readonly second: string;
  readonly calls: number;
  readonly runs: number;
  readonly shorterIfParallel: number;
}

export interface RepeatedStep {
  readonly step: string;
  readonly calls: number;
  readonly runs: number;
  readonly wastedSeconds: number;
  readonly cost: Cost;
}

export interface Bottlenecks {
  readonly sample: Sample;
  readonly path: readonly PathStep[];
  readonly selfTime: readonly SelfTime[];
  readonly serial: readonly SerialCalls[];
  readonly retries: readonly RepeatedStep[];
  readonly repeated: readonly RepeatedStep[];
  readonly isCostPartial: boolean;
}

/** A row of the table of steps: the path and the self time of one name. */
export interface StepRow {
  readonly step: string;
  readonly path: PathStep | undefined;
  readonly self: SelfTime | undefined;
}

/** All steps that are on a path or did something themselves; those that runs wait for most first. */
export function stepRows({ path, selfTime }: Bottlenecks): readonly StepRow[] {
  const byName = new Map(selfTime.map((self) => [self.step, self]));
  const onPath = path.map((step) => ({ step: step.step, path: step, self: byName.get(step.step) }));
  const names = new Set(path.map(({ step }) => step));
  const others = selfTime
    .filter(({ step }) => !names.has(step))
    .map((self) => ({ step: self.step, path: undefined, self }));
  return [...onPath, ...others];
}

/** One change that was tried by timing the runs again. Such changes do not add up. */
export interface WhatIf {
  readonly id: string;
  readonly kind: 'half' | 'parallel';
  readonly first: string;
  readonly second: string | undefined;
  /** How much shorter the runs would be, as a share of their duration. */
  readonly shorter: number;
  readonly runs: number;
}

/** What was tried and would help, the most helpful first. */
export function whatIfs({ path, serial }: Bottlenecks): readonly WhatIf[] {
  const halves = path.map(({ step, shorterIfHalf, runs }): WhatIf => ({
    id: `half ${step}`,
    kind: 'half',
    first: step,
    second: undefined,
    shorter: shorterIfHalf,
    runs,
  }));
  const parallels = serial.map(({ first, second, shorterIfParallel, runs }): WhatIf => ({
    id: `parallel ${first} ${second}`,
    kind: 'parallel',
    first,
    second,
    shorter: shorterIfParallel,
    runs,
  }));
  return [...halves, ...parallels]
    .filter(({ shorter }) => shorter > 0)
    .sort((left, right) => right.shorter - left.shorter);
}
