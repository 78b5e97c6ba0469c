// SPDX-License-Identifier: Apache-2.0

import { isObject, readBoolean, readNumber, readObject, readObjects, readText } from '../base/json';
import type { Bottlenecks, PathStep, RepeatedStep, Sample } from '../model/bottlenecks';
import { costOf } from '../model/sums';
import { DecodeError } from './decodeError';
import type { Wire } from './wire';

export function decodeSample(answer: { readonly sample?: unknown }): Sample {
  const sample: Wire<'Sample'> = readObject(answer, 'sample') ?? {};
  return {
    runs: readNumber(sample, 'runs') ?? 0,
    hasMore: readBoolean(sample, 'has_more') ?? false,
    goingOn: readNumber(sample, 'going_on') ?? 0,
  };
}

function decodePathStep(step: Wire<'PathStep'>): PathStep {
  return {
    step: readText(step, 'step_name') ?? '',
    shareOfTime: readNumber(step, 'share_of_time') ?? 0,
    shareOfCost: readNumber(step, 'share_of_cost'),
    runs: readNumber(step, 'runs') ?? 0,
    secondsPerRun: readNumber(step, 'time_per_run') ?? 0,
    slackSeconds: readNumber(step, 'average_slack') ?? 0,
    shorterIfHalf: readNumber(step, 'shorter_if_half_as_long') ?? 0,
  };
}

function decodeRepeated(step: Wire<'RepeatedStep'>): RepeatedStep {
  return {
    step: readText(step, 'step_name') ?? '',
    calls: readNumber(step, 'calls') ?? 0,
    runs: readNumber(step, 'runs') ?? 0,
    wastedSeconds: readNumber(step, 'wasted_time') ?? 0,
    cost: costOf(readNumber(step, 'cost'), readText(step, 'cost_status')),
  };
}

export function decodeBottlenecks(value: unknown): Bottlenecks {
  if (!isObject(value)) throw new DecodeError('the analysis of time is not an object');
  const answer: Wire<'Bottlenecks'> = value;
  return {
    sample: decodeSample(answer),
    path: readObjects(answer, 'critical_path').map(decodePathStep),
    selfTime: readObjects(answer, 'self_time').map((self: Wire<'SelfTime'>) => ({
      step: readText(self, 'step_name') ?? '',
      share: readNumber(self, 'share') ?? 0,
      secondsPerRun: readNumber(self, 'time_per_run') ?? 0,
      calls: readNumber(self, 'calls') ?? 0,
    })),
    serial: readObjects(answer, 'serial_calls_that_could_be_parallel').map(
      (pair: Wire<'SerialCalls'>) => ({
        first: readText(pair, 'first') ?? '',
        second: readText(pair, 'second') ?? '',
        calls: readNumber(pair, 'calls') ?? 0,
        runs: readNumber(pair, 'runs') ?? 0,
        shorterIfParallel: readNumber(pair, 'shorter_if_parallel') ?? 0,
      }),
    ),
    retries: readObjects(answer, 'retries').map(decodeRepeated),
    repeated: readObjects(answer, 'repeated_calls').map(decodeRepeated),
    isCostPartial: readText(answer, 'cost_status') === 'partial',
  };
}
