// SPDX-License-Identifier: Apache-2.0
// Two runs step by step, or two baskets of runs by their figures. `a` is the left one.

import type { Difference } from './failures';
import type { Run } from './run';
import type { Span } from './span';

export const editKinds = ['removed', 'added', 'moved', 'renamed', 'changed', 'retried'] as const;
export type EditKind = (typeof editKinds)[number];

/** How much more b took; undefined where one of them is not known. */
export interface FigureDifference {
  readonly seconds: number | undefined;
  readonly tokens: number | undefined;
  readonly usd: number | undefined;
}

export interface ChangedText {
  /** Bytes left out before. */
  readonly from: number;
  readonly a: string;
  readonly b: string;
}

export interface AlignedStep {
  readonly id: string;
  readonly a: Span | undefined;
  readonly b: Span | undefined;
  readonly edits: readonly string[];
  readonly input: ChangedText | undefined;
  readonly output: ChangedText | undefined;
  readonly hasOtherStatus: boolean;
  readonly difference: FigureDifference | undefined;
}

export interface RunComparison {
  readonly of: 'runs';
  readonly a: Run;
  readonly b: Run;
  readonly difference: FigureDifference;
  readonly edits: Readonly<Record<EditKind, number>>;
  /** Of the step where the runs part. */
  readonly partsAt: string | undefined;
  readonly steps: readonly AlignedStep[];
  readonly leftOut: number;
  readonly isApproximate: boolean;
}

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Basket {
  readonly filter: string;
  readonly runs: number;
  readonly hasMore: boolean;
}

export interface ComparedFigure {
  readonly id: 'duration' | 'total_tokens' | 'cost' | 'failure_rate';
  readonly a: FigureOfBasket | undefined;
  readonly b: FigureOfBasket | undefined;
  readonly difference: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly verdict: string;
}

/** `p95` is absent for a rate. */
export interface FigureOfBasket {
  readonly runs: number;
  readonly middle: Estimate;
  readonly p95: Estimate | undefined;
}

export interface BasketComparison {
  readonly of: 'baskets';
  readonly a: Basket;
  readonly b: Basket;
  readonly inBoth: number;
  readonly message: string | undefined;
  readonly figures: readonly ComparedFigure[];
  readonly moreInA: readonly Difference[];
  readonly moreInB: readonly Difference[];
}

export type Comparison = RunComparison | BasketComparison;

export type StepVerdict = 'same' | 'slower' | 'faster' | 'only left' | 'only right' | 'changed';

/** Chance alone makes a step a little slower or faster. */
const leastShare = 0.25;
const leastSeconds = 0.05;

/** What a reader wants to know of a pair first. */
export function stepVerdict(step: AlignedStep): StepVerdict {
  if (step.b === undefined) return 'only left';
  if (step.a === undefined) return 'only right';
  if (step.edits.length > 0) return 'changed';
  const more = step.difference?.seconds;
  const before = step.a.durationSeconds;
  if (more === undefined || before === undefined) return 'same';
  if (Math.abs(more) < Math.max(leastSeconds, leastShare * before)) return 'same';
  return more > 0 ? 'slower' : 'faster';
}

/** How deep each step stands below others, in the run that has it. */
export function stepDepths(steps: readonly AlignedStep[]): readonly number[] {
  const depths = new Map<string, number>();
  return steps.map(({ a, b }) => {
    const parent = b === undefined ? a?.parentId : b.parentId;
    const depth = parent === undefined ? 0 : (depths.get(parent) ?? -1) + 1;
    for (const span of [a, b]) if (span !== undefined) depths.set(span.id, depth);
    return depth;
  });
}

/** What stands for a side in an address: the id of a run, or filters of runs. */
export function isBasket(side: string): boolean {
  return side.includes('=');
}
