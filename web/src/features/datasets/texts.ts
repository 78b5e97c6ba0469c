// SPDX-License-Identifier: Apache-2.0
// What the pages of datasets say.

export const texts = {
  title: 'Datasets',
  note: 'What runs were given and made of it, copied for judging by hand or for testing the next version.',
  none: 'There is no dataset yet',
  noneHint: 'Make one below, or add a run to one from its page.',
  make: 'New dataset',
  name: 'Name',
  description: 'What it is for',
  all: 'All datasets',
  export: 'Export JSONL',
  exportHint: 'One example a line, as a file',
  rename: 'Rename',
  keepNames: 'Keep these words',
  remove: 'Delete…',
  removeAll: 'Delete it with all of its examples',
  gone: 'There is no dataset with this id',
  goneHint: 'It may have been deleted.',
  examples: 'Examples',
  noExamples: 'It has no example yet',
  noExamplesHint: 'Open a run and choose “Add to dataset”.',
  input: 'Input',
  output: 'Output',
  expected: 'Expected',
  whole: 'All of it',
  run: 'Open the run',
  step: 'Open the step',
  given: 'Given, not copied from a run',
  takeOut: 'Take out…',
  takeItOut: 'Take this example out',
} as const;

/** The longest that the server takes, in characters of the commonest kinds. */
export const most = { name: 200, description: 5000 } as const;
