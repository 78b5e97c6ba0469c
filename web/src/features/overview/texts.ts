// SPDX-License-Identifier: Apache-2.0
// What the overview says.

import { formatPercent, formatUsd, plural } from '../../base/format';
import type { FailureRate, HealthVerdict } from '../../model/health';
import type { Figures } from '../../model/overview';
import type { Tone } from '../../ui/Tag';

export const texts = {
  title: 'Overview',
  nothing: 'Nothing has arrived yet',
  nothingHint: 'The list of runs says how to send the first trace.',
  toRuns: 'How to begin',
  quiet: 'No run started in this time',
  quietHint: 'Choose a longer time above.',
  tiles: 'Figures of the time',
  runsOverTime: 'Runs over time, by status',
  attention: 'Needs attention',
  allWell: 'No signs of trouble, no new error, no hour unlike before.',
  running: 'Running now',
  nothingRuns: 'No run is going on.',
  workflows: 'Workflows by failures',
  models: 'Models by cost',
  steps: 'Slowest steps',
  noFailures: 'No run failed in this time.',
  expensiveCalls: 'The most expensive calls of the model',
  noCalls: 'No model was called in this time.',
  noSteps: 'No step ended in this time.',
  ingest: 'What the server takes in',
  before: 'than in the same time before',
} as const;

interface Verdict {
  readonly tone: Tone;
  readonly label: string;
  readonly reason: string;
}

export const verdicts: Readonly<Record<HealthVerdict, Verdict>> = {
  usual: {
    tone: 'ok',
    label: 'as usual',
    reason: 'The last hour is within what the day before lets expect.',
  },
  worse: {
    tone: 'error',
    label: 'more than usual',
    reason: 'Chance alone would make an hour like this in fewer than one of a thousand.',
  },
  better: {
    tone: 'ok',
    label: 'fewer than usual',
    reason: 'Far fewer runs fail than the day before lets expect.',
  },
  unknown: {
    tone: 'quiet',
    label: 'too few runs to say',
    reason: 'To say what is usual it takes 5 runs that ended this hour and 20 of the day before.',
  },
};

/** The three parts of the sentence of state; a part is absent where its figure is not known. */
export interface StateParts {
  readonly running: string | undefined;
  readonly failures: string | undefined;
  readonly usual: string | undefined;
  readonly spending: string | undefined;
}

export function stateParts(
  figures: Pick<Figures, 'running' | 'costPerHour'> | undefined,
  rate: FailureRate | undefined,
): StateParts {
  const { running, costPerHour } = figures ?? {};
  return {
    running:
      running === undefined
        ? undefined
        : `${plural(running, 'run')} ${running === 1 ? 'is' : 'are'} going on`,
    failures:
      rate?.recent === undefined
        ? undefined
        : `${formatPercent(round(rate.recent))} of the last hour failed`,
    usual: rate?.usual === undefined ? undefined : `usual ${formatPercent(round(rate.usual))}`,
    spending: costPerHour === undefined ? undefined : `${formatUsd(costPerHour)} in the last hour`,
  };
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
