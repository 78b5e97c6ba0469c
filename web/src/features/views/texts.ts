// SPDX-License-Identifier: Apache-2.0
// What the menu of saved views says.

export const texts = {
  menu: 'Saved views',
  face: 'Views',
  find: 'Find a view',
  none: 'No view of this page is saved yet',
  noneHint: 'Filter the page as you need it, then give it a name below.',
  name: 'Name',
  save: 'Save',
  saveAs: 'Save what is shown',
  change: 'Change',
  rename: 'Rename',
  replace: 'Replace with what is shown',
  remove: 'Delete',
  keep: 'Keep',
  copy: 'Copy the link',
} as const;

/** The longest name that the server takes, in characters of the commonest kinds. */
export const mostNameLength = 200;
