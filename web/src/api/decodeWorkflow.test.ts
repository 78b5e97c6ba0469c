// SPDX-License-Identifier: Apache-2.0
// The answers about one workflow.
import { describe, expect, it } from 'vitest';
import { knownPoints } from '../model/resources';
import { decodeBottlenecks } from './decodeBottlenecks';
import { decodeForecast } from './decodeForecast';
import { decodeProfile } from './decodeProfile';
import { decodeResources } from './decodeResources';

const sample = { runs: 2, spans: 9, matching_runs_at_least: 5, has_more: true, going_on: 1 };
const told = { runs: 2, hasMore: true, goingOn: 1 };
const time = '2026-11-23T00:00:00Z';

describe('decodeBottlenecks', () => {
  it('reads the path, what could be parallel and what was done again', () => {
    const answer = decodeBottlenecks({
      sample,
      critical_path: [
        {
          step_name: 'chat',
          share_of_time: 0.6,
          share_of_cost: null,
          runs: 2,
          time_per_run: 3,
          average_slack: 0.1,
          shorter_if_half_as_long: 0.3,
        },
      ],
      self_time: [{ step_name: 'chat', share: 0.5, time_per_run: 2, calls: 4 }],
      serial_calls_that_could_be_parallel: [
        { first: 'a', second: 'b', calls: 2, runs: 1, shorter_if_parallel: 0.1, saved_time: 1 },
      ],
      retries: [
        { step_name: 'a', calls: 1, runs: 1, wasted_time: 2, cost: null, cost_status: null },
      ],
      repeated_calls: [],
      cost_status: 'partial',
    });
    expect(answer).toMatchObject({
      sample: told,
      path: [{ step: 'chat', shareOfTime: 0.6, shareOfCost: undefined, shorterIfHalf: 0.3 }],
      serial: [{ first: 'a', second: 'b', shorterIfParallel: 0.1 }],
      retries: [{ step: 'a', wastedSeconds: 2, cost: { kind: 'nothing' } }],
      isCostPartial: true,
    });
  });
});

describe('decodeProfile', () => {
  const file = (samples: unknown, weights: unknown) => ({
    shared: { frames: [{ name: 'planner' }, { name: 'chat' }] },
    profiles: [{ endValue: 7, samples, weights }],
    sample,
    unpriced_calls: 3,
  });
  it('reads stacks by the names of their frames', () => {
    expect(decodeProfile(file([[0, 1], [0]], [5, 2]))).toEqual({
      total: 7,
      stacks: [
        { frames: ['planner', 'chat'], weight: 5 },
        { frames: ['planner'], weight: 2 },
      ],
      sample: told,
      unpricedCalls: 3,
    });
  });
  it.each([
    ['a frame that is not there', file([[2]], [1])],
    ['a stack without a weight', file([[0], [1]], [1])],
    ['no profile', { shared: { frames: [] }, profiles: [] }],
  ])('refuses %s', (_name, answer) => expect(() => decodeProfile(answer)).toThrow());
});

describe('decodeForecast', () => {
  const band = { low: 1, high: 4 };
  const step = { time, mean: 2, p50: band, p80: band, p95: band };
  it('reads the steps, and null as nothing', () => {
    const answer = decodeForecast({
      basis: 'little_data',
      message: 'too little past',
      history: { known_steps: 4 },
      forecast: [step],
      backtest: null,
      month_end: null,
      cost_status: 'priced',
      unpriced_calls: 0,
    });
    expect(answer).toMatchObject({
      knownSteps: 4,
      steps: [{ timeMs: Date.parse(time), mean: 2, p80: band }],
      backtest: undefined,
      monthEnd: undefined,
    });
  });
  it('refuses a step without a band', () => {
    expect(() => decodeForecast({ forecast: [{ time, mean: 1 }] })).toThrow('band');
  });
});

describe('decodeResources', () => {
  it('reads what runs told, and leaves out what they did not', () => {
    const { cpu } = decodeResources({
      sample,
      cpu_usage_trend: [
        { timestamp: time, execution_id: 'a', cpu_usage: null },
        { timestamp: time, execution_id: 'b', cpu_usage: 12 },
      ],
    });
    expect(cpu).toHaveLength(2);
    expect(knownPoints(cpu)).toEqual([{ timeMs: Date.parse(time), value: 12 }]);
  });
});
