// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { stepRows, whatIfs } from './bottlenecks';
import type { Bottlenecks } from './bottlenecks';

const step = (name: string, shorterIfHalf: number) => ({
  step: name,
  shareOfTime: 0.5,
  shareOfCost: undefined,
  runs: 3,
  secondsPerRun: 1,
  slackSeconds: 0,
  shorterIfHalf,
});
const found: Bottlenecks = {
  sample: { runs: 3, hasMore: false, goingOn: 0 },
  path: [step('chat', 0.2), step('root', 0)],
  selfTime: [
    { step: 'chat', share: 0.7, secondsPerRun: 2, calls: 6 },
    { step: 'search', share: 0.3, secondsPerRun: 1, calls: 3 },
  ],
  serial: [{ first: 'search', second: 'fetch', calls: 3, runs: 2, shorterIfParallel: 0.3 }],
  retries: [],
  repeated: [],
  isCostPartial: false,
};

describe('stepRows', () => {
  it('has each step once, with its path and its own time', () => {
    expect(stepRows(found).map((row) => [row.step, row.path?.step, row.self?.calls])).toEqual([
      ['chat', 'chat', 6],
      ['root', 'root', undefined],
      ['search', undefined, 3],
    ]);
  });
});

describe('whatIfs', () => {
  it('begins with what helps most and leaves out what does not help', () => {
    expect(whatIfs(found).map(({ id, shorter }) => [id, shorter])).toEqual([
      ['parallel search fetch', 0.3],
      ['half chat', 0.2],
    ]);
  });
});
