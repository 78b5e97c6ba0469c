// SPDX-License-Identifier: Apache-2.0
// What the page of comparisons says.

import type { ComparedFigure, EditKind, StepVerdict } from '../../model/comparison';
import type { Tone } from '../../ui/Tag';

export const texts = {
  title: 'Compare',
  ask: 'Compare two runs, or two sets of runs',
  askHint:
    'Give the id of a run on each side, or filters of the list of runs on both, such as workflow_id=shop&model=large.',
  left: 'Left (a)',
  right: 'Right (b)',
  go: 'Compare',
  mixed: 'A run can be compared with a run, and filters with filters.',
  alike: 'No step differs: inputs, outputs and outcomes are the same.',
  steps: 'Steps side by side',
  figures: 'Figures',
  moreInA: 'More in the left set',
  moreInB: 'More in the right set',
  nothingMore: 'Nothing sets them apart.',
  pick: 'Choose a step to see how its texts differ.',
  noTexts: 'Input and output are the same.',
} as const;

export const editWords: Readonly<Record<EditKind, string>> = {
  removed: 'only left',
  added: 'only right',
  moved: 'moved',
  renamed: 'renamed',
  changed: 'changed',
  retried: 'retried',
};

export const verdictTones: Readonly<Record<StepVerdict, Tone>> = {
  same: 'quiet',
  slower: 'error',
  faster: 'ok',
  'only left': 'warn',
  'only right': 'running',
  changed: 'warn',
};

export const figureLabels: Readonly<Record<ComparedFigure['id'], string>> = {
  duration: 'Duration of completed runs',
  failure_rate: 'Failure rate',
  cost: 'Cost of a run',
  total_tokens: 'Tokens of a run',
};

interface Verdict {
  readonly tone: Tone;
  readonly label: string;
}

/** More of any of these figures is worse. */
const verdicts: ReadonlyMap<string, Verdict> = new Map([
  ['higher', { tone: 'error', label: 'higher on the right' }],
  ['lower', { tone: 'ok', label: 'lower on the right' }],
  ['no_change', { tone: 'quiet', label: 'no change' }],
  ['not_enough_data', { tone: 'warn', label: 'not enough runs to say' }],
]);

export function verdictOf(word: string): Verdict {
  return verdicts.get(word) ?? { tone: 'quiet', label: word.replaceAll('_', ' ') };
}
