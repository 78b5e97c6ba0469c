// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { describeCondition, mergeGroups } from './failures';
import type { FailureAnalysis, FailureGroup } from './failures';

const day = 86_400_000;

function group(fingerprint: string, count: number, firstMs: number, lastMs: number): FailureGroup {
  return {
    fingerprint,
    title: `title of ${fingerprint} at ${lastMs}`,
    reason: 'timeout',
    count,
    firstMs,
    lastMs,
    traceIds: [`${fingerprint}${lastMs}`],
    agents: { a: count },
    models: {},
  };
}

function analysis(workflowId: string, ...groups: FailureGroup[]): FailureAnalysis {
  return {
    workflowId,
    totalFailures: 0,
    failureRate: 0,
    analyzed: 0,
    byStep: {},
    byAgent: {},
    groups,
    searchedRuns: 9,
    differences: [],
    attributions: [],
  };
}

describe('mergeGroups', () => {
  it('adds up one problem over workflows, and takes the words of the newest', () => {
    const [first, second] = mergeGroups(
      [
        analysis('shop', group('x', 2, 10 * day, 11 * day), group('y', 4, 10 * day, 10 * day)),
        analysis('desk', group('x', 3, 9 * day, 12 * day)),
      ],
      [],
    );
    expect(first).toMatchObject({
      fingerprint: 'x',
      count: 5,
      firstMs: 9 * day,
      lastMs: 12 * day,
      title: `title of x at ${12 * day}`,
      traceIds: [`x${12 * day}`, `x${11 * day}`],
      agents: { a: 5 },
      workflows: [
        { id: 'desk', count: 3 },
        { id: 'shop', count: 2 },
      ],
    });
    expect(second).toMatchObject({ fingerprint: 'y', count: 4 });
  });
  it.each([
    ['new', [analysis('shop', group('other', 1, day, day))]],
    ['returning', [analysis('shop', group('x', 1, day, 2 * day))]],
    ['known', [analysis('shop', group('x', 1, day, 9.5 * day))]],
    ['unknown', undefined],
    ['unknown', [{ ...analysis('shop'), searchedRuns: 0 }]],
    ['unknown', [analysis('desk')]],
  ])('says that one is %s', (recurrence, past) => {
    const [merged] = mergeGroups([analysis('shop', group('x', 2, 10 * day, 11 * day))], past);
    expect(merged?.recurrence).toBe(recurrence);
  });
});

describe('describeCondition', () => {
  const condition = (attribute: string, op: string, value?: string | number) => ({
    attribute,
    op,
    value,
    low: 1000,
    high: 2500.5,
  });
  it.each([
    [condition('user_id', '=', 'u7'), 'user is u7'],
    [condition('model.gpt-4o', 'present'), 'model gpt-4o took part'],
    [condition('total_tokens', '>=', 12_345.6), 'tokens at least 12,350'],
    [condition('duration', 'between'), 'duration in seconds from 1,000 to 2,501'],
    [condition('session_id', 'present'), 'session is given'],
  ])('%s', (given, text) => expect(describeCondition(given)).toBe(text));
});
