// SPDX-License-Identifier: Apache-2.0
// What the overview says.

import { formatPercent, formatUsd, plural } from '../../base/format';
import type { FailureRate } from '../../model/health';
import type { Figures } from '../../model/overview';

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

/** The three parts of the sentence of state; a part is absent where its figure is not known. */
export interface StateParts {
  readonly running: string | undefined;
  readonly failures: string | undefined;
  readonly usual: string | undefined;
  readonly spending: string | undefined;
}

export function stateParts(
  figures: Pick<Figures, 'running' | 'costPerHour'> | undefined,
  rate: Pick<FailureRate, 'recent' | 'usual'> | undefined,
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
