// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { errorsFromCause } from './errorOrder';
import { buildSpanTree, makeSpan } from './spanBuilder';

const span = (id: string, parentId: string | undefined, at: bigint, failed = true) =>
  makeSpan(id, {
    parentId,
    startNs: at,
    endNs: at + 1n,
    status: failed ? 'failed' : 'completed',
  });

describe('errorsFromCause', () => {
  it('begins with what killed the run, then what it recovered from, then what passed it on', () => {
    const tree = buildSpanTree([
      span('root', undefined, 0n),
      span('rate limit', 'root', 1n),
      span('sub-agent', 'root', 2n),
      span('timeout', 'sub-agent', 3n),
      span('step', 'root', 4n, false),
      span('retried', 'step', 5n),
    ]);
    expect(errorsFromCause(tree)).toEqual([
      'timeout',
      'rate limit',
      'retried',
      'sub-agent',
      'root',
    ]);
  });

  it('keeps the order of the tree where the run recovered from all of them', () => {
    const tree = buildSpanTree([
      span('root', undefined, 0n, false),
      span('first', 'root', 1n),
      span('second', 'root', 2n),
    ]);
    expect(errorsFromCause(tree)).toEqual(['first', 'second']);
  });

  it('is empty without a failure', () => {
    expect(errorsFromCause(buildSpanTree([span('root', undefined, 0n, false)]))).toEqual([]);
  });
});
