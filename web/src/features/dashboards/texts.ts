// SPDX-License-Identifier: Apache-2.0
// What the pages of dashboards say.

import type { PanelKind } from '../../model/dashboard';

export const texts = {
  title: 'Dashboards',
  all: 'All dashboards',
  make: 'New dashboard',
  makeIt: 'Make it',
  importFile: 'Import from a file…',
  builtin: 'built in',
  builtinHint: 'Comes with the program; copy it to change it',
  edit: 'Edit',
  copy: 'Copy',
  exportFile: 'Export',
  remove: 'Delete',
  keep: 'Keep',
  addPanel: 'Add a panel',
  closeGaps: 'Close the gaps',
  save: 'Save',
  saveCopy: 'Save as a copy',
  leave: 'Leave without saving',
  stay: 'Stay',
  unsaved: 'What was changed here is not saved.',
  name: 'Name',
  description: 'What it shows',
  gridHint:
    'Drag a panel by its head and by its corner. With the keyboard: the arrow keys on its handle.',
  narrowHint: 'Panels stand one below the other here. Their places are in “Change”.',
  handleHint: 'Arrow keys move the panel, with Shift they change its size.',
  noPanel: 'No panel yet',
  nothing: 'Nothing in this time',
  nothingAsked: 'This panel asks nothing',
  variables: 'Variables',
  addVariable: 'Add a variable',
  variablesHint:
    'A value that panels share as a filter. Whoever looks at the dashboard can change it.',
  variableName: 'Name',
  variableLabel: 'Label',
  variableField: 'Field',
  variableValue: 'Value at first',
  filterAll: 'Filter all panels',
  any: 'any',
  none: '(none)',
  total: 'All',
} as const;

export const kindNames: Readonly<Record<PanelKind, string>> = {
  figure: 'Figure',
  trend: 'Trend',
  bars: 'Bars',
  table: 'Table',
  heatmap: 'Heat map',
  top: 'Top list',
  text: 'Text',
};

const keyNames: Readonly<Record<string, string>> = {
  workflow_id: 'Workflow',
  session_id: 'Session',
  user_id: 'User',
  step_name: 'Step',
  error_type: 'Error',
};

/** A name of the contract as a person says it: `cache_read_tokens` is "Cache read tokens". */
export function wordsOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return keyNames[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** The value of a key; most of what has none has an empty one. */
export function valueName(value: string | undefined): string {
  return value === undefined || value === '' ? texts.none : value;
}
