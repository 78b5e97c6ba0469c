// SPDX-License-Identifier: Apache-2.0
// What the settings say.

export const texts = {
  title: 'Settings',
  connect: 'Connect',
  data: 'Data',
  losses: 'Losses',
  prices: 'Prices',
  days: 'Runs by day',
  retention: 'Retention',
  appearance: 'Appearance',
  about: 'About',
  noLoss: 'Nothing was refused, dropped, cut or repaired since the server began.',
  noDays: 'No run began in the last 30 days.',
  daysNote:
    'What each day takes on disk the server does not tell; all of them together stand under Data.',
  retentionUnknown:
    'How long and how much is kept is set where the server is started; it does not tell what was set, so this page cannot either.',
  retentionHow: 'Set retention-days and retention-bytes by flag, environment or file.',
  pricesNote: 'Costs come from the price book of the server and from prices of your own.',
  pricesLink: 'Set prices on the page of costs',
  datasets: 'Datasets',
  datasetsNote: 'Examples that were copied from runs, for judging by hand or for tests.',
  datasetsLink: 'All datasets',
  unknownLoss: 'A loss that this page has no words for.',
  apiLink: 'Description of the API',
  metricsLink: 'Figures for Prometheus',
  unknown: 'unknown',
} as const;
