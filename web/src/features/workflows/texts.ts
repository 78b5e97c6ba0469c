// SPDX-License-Identifier: Apache-2.0
// What the pages of workflows say.

import type { ForecastMeasure } from '../../model/forecast';
import type { ProfileWeight } from '../../model/profile';

export const texts = {
  title: 'Workflows',
  find: 'Find a workflow',
  nothing: 'No workflow ran in this time',
  nothingHint: 'Choose a longer time above.',
  noMatch: 'No workflow of this time has this in its name',
  noRuns: 'No run of this workflow began in this time',
  tiles: 'Figures of the workflow',
  trend: 'Over time',
  runsOverTime: 'Runs over time, by status',
  path: 'What runs wait for',
  pathHint:
    'Of the newest runs that have ended. The critical path is found from the end of a run backwards; its shares of time add up to the whole.',
  longestRuns: 'The longest runs first',
  expensiveRuns: 'The most expensive runs first',
  noPath: 'No run of this time has ended yet',
  whatIf: 'What if',
  whatIfHint: 'The runs were timed again with this one change. Changes do not add up.',
  noWhatIf: 'No single step would make these runs shorter.',
  serial: 'Calls one after the other that could run together',
  serialHint:
    'The second holds no word of what the first gave. What a call changes outside cannot be seen.',
  again: 'Work that was done again',
  failures: 'Why runs fail',
  noFailures: 'No run of this workflow failed in this time',
  differs: 'What failed runs have in common',
  blame: 'Who made them fail',
  blameHint: 'A suspicion from rules and learnt weights, to start reading at; not a proof.',
  forecast: 'What comes next',
  flame: 'Where it goes, over many runs',
  resources: 'What runs used of their machines',
  noResources: 'No run of this time told what it used',
  noResourcesHint: 'Runs tell it by the attributes sightline.resource_usage.*.',
  runs: 'Newest runs',
  allRuns: 'All runs',
} as const;

export const views = [
  { id: 'path', label: 'Path' },
  { id: 'failures', label: 'Failures' },
  { id: 'forecast', label: 'Forecast' },
  { id: 'flame', label: 'Flame graph' },
  { id: 'resources', label: 'Resources' },
  { id: 'runs', label: 'Runs' },
] as const;
export type View = (typeof views)[number]['id'];

export const forecastLabels: Readonly<Record<ForecastMeasure, string>> = {
  runs: 'Runs',
  cost: 'Cost',
  tokens: 'Tokens',
  duration: 'Duration',
  failure_rate: 'Failure rate',
};

export const weightLabels: Readonly<Record<ProfileWeight, string>> = {
  time: 'Time',
  cost: 'Money',
  tokens: 'Tokens',
};
