// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObjects } from '../base/json';
import type { JsonObject } from '../base/json';
import type { ResourcePoint, Resources } from '../model/resources';
import { decodeSample } from './decodeBottlenecks';
import { DecodeError } from './decodeError';
import { readMs } from './decodeSums';
import type { Schemas, Wire } from './wire';

type Trend = keyof Schemas['ResourceTrends'] & `${string}_trend`;
type Point = keyof (Schemas['MemoryPoint'] &
  Schemas['CpuPoint'] &
  Schemas['IoPoint'] &
  Schemas['NetworkPoint']);

function points(
  answer: Wire<'ResourceTrends'>,
  trend: Trend,
  field: Point,
): readonly ResourcePoint[] {
  return readObjects(answer, trend).map((point: JsonObject) => {
    const timeMs = readMs(point, 'timestamp');
    if (timeMs === undefined) throw new DecodeError('a point of a trend has no time');
    return { timeMs, value: readNumber(point, field) };
  });
}

export function decodeResources(value: unknown): Resources {
  if (!isObject(value)) throw new DecodeError('the trends are not an object');
  const answer: Wire<'ResourceTrends'> = value;
  return {
    sample: decodeSample(answer),
    memory: points(answer, 'memory_usage_trend', 'memory_usage'),
    cpu: points(answer, 'cpu_usage_trend', 'cpu_usage'),
    io: points(answer, 'io_operations_trend', 'io_operations'),
    network: points(answer, 'network_requests_trend', 'network_requests'),
  };
}
