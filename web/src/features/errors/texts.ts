// SPDX-License-Identifier: Apache-2.0
// What the pages of errors say.

export const texts = {
  title: 'Errors',
  find: 'Find an error',
  nothing: 'No run failed in this time',
  nothingHint: 'Choose a longer time above.',
  noMatch: 'No error of this time has this in its message, reason or workflow',
  gone: 'No run failed with this error in this time',
  goneHint: 'Choose a longer time above, or look at all errors.',
  callsOfError: 'All steps that failed with it',
  all: 'All errors',
  runs: 'Newest runs that failed with it',
  where: 'Where it happens',
  workflows: 'Workflows',
  agents: 'Agents',
  models: 'Models',
  users: 'Users of the newest runs',
  services: 'Services of the newest runs',
  differs: 'What failed runs of its workflows have in common',
  noDiffers: 'Nothing sets the failed runs of its workflows apart from the others.',
} as const;
