// SPDX-License-Identifier: Apache-2.0

import { formatCount } from '../base/format';
import { leastForUsual, leastRecent } from '../model/health';
import type { FailureRate, HealthVerdict } from '../model/health';
import type { Tone } from '../ui/Tag';

interface Words {
  readonly tone: Tone;
  readonly label: string;
  readonly reason: string;
}

const words: Readonly<Record<Exclude<HealthVerdict, 'unknown'>, Words>> = {
  usual: {
    tone: 'ok',
    label: 'as usual',
    reason: 'The last hour is within what the day before lets expect.',
  },
  worse: {
    tone: 'error',
    label: 'more than usual',
    reason: 'Chance alone would make an hour like this in fewer than one of a thousand.',
  },
  better: {
    tone: 'ok',
    label: 'fewer than usual',
    reason: 'Far fewer runs fail than the day before lets expect.',
  },
};

/** Whether runs fail as usual, in words; of what cannot be said, what there is too little of. */
export function failureWords(rate: FailureRate): Words {
  const { verdict, ended, endedBefore } = rate;
  if (verdict !== 'unknown') return words[verdict];
  if (ended < leastRecent)
    return {
      tone: 'quiet',
      label: 'too few runs this hour',
      reason: `It takes ${leastRecent} ended runs of this hour to compare. Ended so far: ${formatCount(ended)}.`,
    };
  return {
    tone: 'quiet',
    label: 'too little past to compare',
    reason: `What is usual is told by the 24 hours before this one, from ${leastForUsual} ended runs on. Ended then: ${formatCount(endedBefore)}.`,
  };
}
