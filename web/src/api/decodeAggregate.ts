// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readObjects, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import type { Aggregate, AggregateGroup, AggregatePoint, Period } from '../model/aggregate';
import { toCostStatus } from '../model/cost';
import { DecodeError } from './decodeError';
import { readTime } from './decodeSpan';
import { readTotal } from './readTotal';
import type { Wire } from './wire';

export function decodePeriod(object: JsonObject): Period {
  const period: Wire<'Period'> = readObject(object, 'period') ?? {};
  const startNs = readTime(period, 'start');
  const endNs = readTime(period, 'end');
  if (startNs === undefined || endNs === undefined)
    throw new DecodeError('an answer does not say which time it is about');
  return { startNs, endNs };
}

function decodeValues(object: JsonObject): Readonly<Record<string, number | undefined>> {
  const values = readObject(object, 'values') ?? {};
  return Object.fromEntries(Object.keys(values).map((name) => [name, readNumber(values, name)]));
}

function decodePoint(object: JsonObject): AggregatePoint {
  const point: Wire<'AggregatePoint'> = object;
  const timeNs = readTime(point, 'time');
  if (timeNs === undefined) throw new DecodeError('a point has no time');
  return {
    timeNs,
    values: decodeValues(object),
    costStatus: toCostStatus(readText(point, 'cost_status')),
  };
}

function decodeGroup(object: JsonObject): AggregateGroup {
  const group: Wire<'AggregateGroup'> = object;
  const keys = readObject(group, 'keys') ?? {};
  return {
    keys: Object.fromEntries(Object.keys(keys).map((name) => [name, readText(keys, name) ?? ''])),
    values: decodeValues(object),
    costStatus: toCostStatus(readText(group, 'cost_status')),
    points: readObjects(group, 'points').map(decodePoint),
  };
}

export function decodeAggregate(value: unknown): Aggregate {
  if (!isObject(value)) throw new DecodeError('the sums are not an object');
  const aggregate: Wire<'Aggregate'> = value;
  const groups = readObjects(aggregate, 'groups').map(decodeGroup);
  return {
    groups,
    totalGroups: readTotal(aggregate, 'total_groups') ?? groups.length,
    bucketSeconds: readNumber(aggregate, 'bucket_seconds'),
    period: decodePeriod(value),
  };
}
