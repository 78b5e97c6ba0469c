// SPDX-License-Identifier: Apache-2.0
// The ways in which spending can be cut up.

export const cutIds = [
  'model',
  'provider',
  'workflow',
  'agent',
  'user',
  'session',
  'tool',
  'tokens',
] as const;
export type CutId = (typeof cutIds)[number];

export interface Cut {
  readonly id: CutId;
  readonly label: string;
  /** What one of its rows is called. */
  readonly noun: string;
  /** The keys that the server sums up by. */
  readonly by: readonly string[];
  /** Only steps of this kind. */
  readonly kind?: string;
  /** What its trend shows: tools have no price, and kinds of tokens have no cost of their own. */
  readonly shows: 'cost' | 'count' | 'tokens';
}

export const cuts: readonly Cut[] = [
  { id: 'model', label: 'Model', noun: 'Model', by: ['model'], shows: 'cost' },
  { id: 'provider', label: 'Provider', noun: 'Provider', by: ['model'], shows: 'cost' },
  { id: 'workflow', label: 'Workflow', noun: 'Workflow', by: ['workflow_id'], shows: 'cost' },
  { id: 'agent', label: 'Agent', noun: 'Agent', by: ['agent'], shows: 'cost' },
  { id: 'user', label: 'User', noun: 'User', by: ['user_id'], shows: 'cost' },
  { id: 'session', label: 'Session', noun: 'Session', by: ['session_id'], shows: 'cost' },
  {
    id: 'tool',
    label: 'Tool',
    noun: 'Tool',
    by: ['step_name'],
    kind: 'tool',
    shows: 'count',
  },
  { id: 'tokens', label: 'Token kind', noun: 'Kind of tokens', by: [], shows: 'tokens' },
];

export function cutOf(id: string | undefined): Cut {
  const [first] = cuts;
  const found = cuts.find((cut) => cut.id === id) ?? first;
  if (found === undefined) throw new Error('there are no cuts');
  return found;
}

export function providerOf(model: string): string {
  return model.split('/')[0] ?? model;
}

/** The name that runs know a model by, without the provider. */
export function modelNameOf(model: string): string {
  const at = model.indexOf('/');
  return at < 0 ? model : model.slice(at + 1);
}
