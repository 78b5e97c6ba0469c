// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeAnomalies } from './decodeAnomalies';
import { decodeFailures } from './decodeFailures';

const id = 'a'.repeat(32);
const group = {
  fingerprint: 'v1:1',
  title: 'timed out after <*>',
  reason: 'timeout',
  count: 3,
  first_seen: '2026-11-23T00:00:00Z',
  last_seen: '2026-11-23T01:00:00Z',
  sample_trace_ids: [id],
  agents: { planner: 2 },
  models: {},
};

describe('decodeFailures', () => {
  it('reads groups, what differs and suspicions', () => {
    const answer = decodeFailures({
      workflow_id: 'shop',
      total_failures: 3,
      failure_rate: 12.5,
      analyzed_failures: 3,
      failures_by_step: { chat: 4 },
      failures_by_agent: {},
      groups: [group],
      searched_runs: 24,
      what_differs: [
        {
          conditions: [{ attribute: 'model.large', op: 'present' }],
          also: [],
          runs: 4,
          selected: 3,
          lift: 6,
          p: 0.01,
          sample_trace_ids: [id],
        },
      ],
      attributions: [
        {
          trace_id: id,
          agent: null,
          span_id: null,
          unknown_because: 'two agents are as likely',
          suspects: [
            { span_id: 'b'.repeat(16), agent: 'planner', probability: 0.4, evidence: ['x'] },
          ],
        },
      ],
    });
    expect(answer.groups[0]).toMatchObject({
      fingerprint: 'v1:1',
      firstMs: Date.parse(group.first_seen),
      lastMs: Date.parse(group.last_seen),
      agents: { planner: 2 },
    });
    expect(answer.differences[0]?.conditions[0]).toEqual({
      attribute: 'model.large',
      op: 'present',
      value: undefined,
      low: undefined,
      high: undefined,
    });
    expect(answer.attributions[0]).toMatchObject({
      agent: undefined,
      unknownBecause: 'two agents are as likely',
      suspects: [{ agent: 'planner', probability: 0.4 }],
    });
  });
  it('refuses a group without times', () => {
    expect(() => decodeFailures({ groups: [{ ...group, last_seen: 'soon' }] })).toThrow('times');
  });
});

describe('decodeAnomalies', () => {
  it('leads to the list of runs, which knows models without their provider', () => {
    const { anomalies } = decodeAnomalies({
      total: 1,
      subjects: 3,
      message: null,
      anomalies: [
        {
          subject: { kind: 'model', name: 'openai/gpt-4o' },
          measure: 'cost',
          kind: 'high',
          start_time: '2026-11-23T00:00:00Z',
          score: 0.7,
          reason: 'more than ever',
          filter: {
            model: 'openai/gpt-4o',
            start_time: '2026-11-22T23:00:00Z',
            end_time: '2026-11-23T01:00:00Z',
          },
        },
      ],
    });
    expect(anomalies[0]?.runs).toEqual({
      workflow_id: undefined,
      agent: undefined,
      model: 'gpt-4o',
      from: '2026-11-22T23:00:00Z',
      to: '2026-11-23T01:00:00Z',
    });
  });
});
