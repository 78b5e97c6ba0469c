// SPDX-License-Identifier: Apache-2.0
// What the page of a run says of scores, notes and datasets.

export const texts = {
  title: 'Scores and notes',
  none: 'Nobody has judged this yet.',
  newest: 'Only the newest 200 are shown.',
  give: 'Give a score',
  name: 'Name',
  nameHint: 'Such as quality',
  value: 'Value',
  valueHint: 'A number, yes or no, or a word',
  comment: 'Comment',
  needed: 'Needed',
  giveIt: 'Keep this score',
  write: 'Write a note',
  note: 'Note',
  writeIt: 'Keep this note',
  showStep: 'Show the step',
  add: 'Add to dataset',
  addRun: 'This run',
  addStep: 'The step',
  what: 'What to add',
  whatHint: 'Its input and output are copied, and stay when the run is deleted.',
  noDatasets: 'There is no dataset yet',
  newDataset: 'New dataset',
  makeAndAdd: 'Make it and add',
  find: 'Find a dataset',
} as const;

/** The longest that the server takes, in characters of the commonest kinds. */
export const most = { name: 100, value: 200, text: 5000, dataset: 200 } as const;
