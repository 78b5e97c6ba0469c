// SPDX-License-Identifier: Apache-2.0
// What the overview says.

import { formatPercent, formatUsd, plural } from '../../base/format';
import type { Anomaly } from '../../model/anomaly';
import type { FailureRate } from '../../model/health';
import type { Figures } from '../../model/overview';
import { signLabel } from '../../model/sign';
import type { Sign } from '../../model/sign';

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

/** What a kind of sign says of several runs. */
const signSentences: ReadonlyMap<string, string> = new Map([
  ['step_overdue', 'A step takes much longer than it usually does'],
  ['silent', 'Nothing has been heard for long'],
  ['repeated_call', 'The same call is made again and again'],
  ['call_cycle', 'The same calls follow each other in a circle'],
  ['token_surge', 'Many more tokens than usual'],
  ['cost_surge', 'A much higher cost than usual'],
]);

export function signSentence(sign: Sign): string {
  return signSentences.get(sign.kind) ?? signLabel(sign);
}

/** What a kind of anomaly says of several subjects, after the name of the measure. */
const anomalyPhrases: ReadonlyMap<string, string> = new Map([
  ['high', 'was above the usual'],
  ['low', 'was below the usual'],
  ['rise', 'rose'],
  ['fall', 'fell'],
  ['jump', 'changed within an hour'],
  ['unsteady', 'varied more than usual'],
  ['flat', 'varied less than usual'],
  ['time_of_day', 'was unlike this time of day'],
  ['high_level', 'was above the usual for hours'],
  ['low_level', 'was below the usual for hours'],
  ['missing_telemetry', 'was nothing where much was due'],
]);

export function anomalySentence({ measure, kind }: Anomaly): string {
  const name = measure.replaceAll('_', ' ');
  const phrase = anomalyPhrases.get(kind) ?? kind.replaceAll('_', ' ');
  return `${capitalized(name)} ${phrase}`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

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
