// SPDX-License-Identifier: Apache-2.0

import { isArray, isObject, readNumber, readObject, readObjects, readText } from '../base/json';
import type { Profile, Stack } from '../model/profile';
import { decodeSample } from './decodeBottlenecks';
import { DecodeError } from './decodeError';
import type { Wire } from './wire';

function decodeStack(sample: unknown, weight: unknown, names: readonly string[]): Stack {
  if (!isArray(sample) || typeof weight !== 'number')
    throw new DecodeError('a stack of the profile has no frames or no weight');
  const frames = sample.map((place) => {
    const name = typeof place === 'number' ? names[place] : undefined;
    if (name === undefined) throw new DecodeError('a stack names a frame that is not there');
    return name;
  });
  return { frames, weight };
}

export function decodeProfile(value: unknown): Profile {
  if (!isObject(value)) throw new DecodeError('the profile is not an object');
  const answer: Wire<'SpeedscopeFile'> = value;
  const shared: Wire<'SpeedscopeShared'> = readObject(answer, 'shared') ?? {};
  const names = readObjects(shared, 'frames').map((frame) => readText(frame, 'name') ?? '');
  const profile: Wire<'SpeedscopeProfile'> | undefined = readObjects(answer, 'profiles')[0];
  if (profile === undefined || !isArray(profile.samples) || !isArray(profile.weights))
    throw new DecodeError('the profile has no stacks');
  const { weights } = profile;
  return {
    total: readNumber(profile, 'endValue') ?? 0,
    stacks: profile.samples.map((sample, index) => decodeStack(sample, weights[index], names)),
    sample: decodeSample(answer),
    unpricedCalls: readNumber(answer, 'unpriced_calls') ?? 0,
  };
}
