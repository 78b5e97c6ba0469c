// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { stateParts } from './texts';

describe('stateParts', () => {
  it('says what is known', () => {
    expect(stateParts({ running: 7, costPerHour: 1.92 }, { recent: 3.44, usual: 3 })).toEqual({
      running: '7 runs are going on',
      failures: '3.4\u202f% of the last hour failed',
      usual: 'usual 3\u202f%',
      spending: '$1.920 in the last hour',
    });
  });
  it('claims nothing of what is not', () => {
    expect(stateParts(undefined, { recent: undefined, usual: 2 })).toEqual({
      running: undefined,
      failures: undefined,
      usual: 'usual 2\u202f%',
      spending: undefined,
    });
  });
});
