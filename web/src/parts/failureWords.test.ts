// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compareFailures } from '../model/health';
import { failureWords } from './failureWords';

const ended = (count: number) => ({ completed: count, failed: 0 });

describe('the words on failures', () => {
  it.each([
    ['of a usual hour', ended(50), ended(1000), 'as usual', 'within what the day before'],
    ['of a server that began lately', ended(1032), ended(0), 'too little past', 'Ended then: 0.'],
    ['of a quiet hour', ended(3), ended(1000), 'too few runs this hour', 'Ended so far: 3.'],
  ])('%s', (_name, recent, before, label, reason) => {
    const words = failureWords(compareFailures(recent, before));
    expect(words.label).toContain(label);
    expect(words.reason).toContain(reason);
  });
});
