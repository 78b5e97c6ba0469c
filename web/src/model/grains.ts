// SPDX-License-Identifier: Apache-2.0
// What is listed: runs, their calls, or sessions. The ways between these lists take along what means the
// same in both, so that a switch shows the same stretch of work in other pieces.

import { filterFields } from './filterFields';
import { callSorts } from './listSort';
import { scopeOf } from './scope';
import type { SearchTexts } from './searchTexts';
import { modelName } from './sums';

export const grains = ['runs', 'calls', 'sessions'] as const;
export type Grain = (typeof grains)[number];

/** Who and where: the same of a call, its run and its session. */
const sharedKeys = ['agent', 'workflow_id', 'session_id', 'user_id', 'model', 'service'] as const;
const sessionKeys = ['agent', 'workflow_id', 'user_id', 'service'] as const;

export interface GrainWay {
  readonly search: SearchTexts;
  /** Keys of filters in use that the other list does not have, or means in another way. */
  readonly left: readonly string[];
}

function kept(search: SearchTexts, keys: readonly string[]): SearchTexts {
  return Object.fromEntries(
    keys.flatMap((key) => (search[key] === undefined ? [] : [[key, search[key]]])),
  );
}

/** Failed runs and failed calls are asked for alike; other states say nothing of the other list. */
function failedOf(search: SearchTexts): SearchTexts {
  const isFailed = search['status'] === 'failed' || search['has_error'] === 'true';
  return isFailed ? { status: 'failed' } : {};
}

function failedRunsOf(search: SearchTexts): SearchTexts {
  return search['status'] === 'failed' ? { has_error: 'true' } : {};
}

function sortOf(search: SearchTexts): SearchTexts {
  const { sort } = search;
  return sort !== undefined && callSorts.includes(sort) ? { sort } : {};
}

/** Runs know a model without its provider. */
function plainModel(search: SearchTexts): SearchTexts {
  const { model } = search;
  return model === undefined ? {} : { model: modelName(model) };
}

const filterKeys: readonly string[] = [
  ...filterFields.map(({ key }) => key).filter((key) => !['t', 'from', 'to'].includes(key)),
  'step_name',
  'error_type',
];

function wayOf(search: SearchTexts, taken: SearchTexts): GrainWay {
  const isKept = (key: string): boolean =>
    taken[key] !== undefined || (key === 'has_error' && taken['status'] === 'failed');
  const isKeptAsError = (key: string): boolean => key === 'status' && taken['has_error'] === 'true';
  return {
    search: { ...scopeOf(search), ...taken },
    left: filterKeys.filter(
      (key) => search[key] !== undefined && !isKept(key) && !isKeptAsError(key),
    ),
  };
}

/** The way from the list at an address to another one. */
export function grainWay(from: Grain, to: Grain, search: SearchTexts): GrainWay {
  if (from === to) return { search, left: [] };
  if (to === 'sessions') return wayOf(search, kept(search, sessionKeys));
  const shared = kept(search, sharedKeys);
  if (to === 'calls') return wayOf(search, { ...shared, ...failedOf(search), ...sortOf(search) });
  return wayOf(search, {
    ...shared,
    ...plainModel(search),
    ...(from === 'calls' ? failedRunsOf(search) : {}),
    ...sortOf(search),
  });
}
