// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readObjects, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import { parseTimestampNs } from '../base/time';
import type { Period } from '../model/period';
import { costOf } from '../model/sums';
import type { Counts, Measured, SumGroup, SumPoint, Sums } from '../model/sums';
import { DecodeError } from './decodeError';
import { readTotal } from './readTotal';
import type { Fields, Schemas, Wire } from './wire';

/** Milliseconds since 1970 of an RFC 3339 time. */
export function readMs<T extends object>(object: T, key: keyof T & string): number | undefined {
  const text = readText(object, key);
  const ns = text === undefined ? undefined : parseTimestampNs(text);
  return ns === undefined ? undefined : Number(ns / 1_000_000n);
}

export function decodePeriod(answer: { readonly period?: unknown }): Period {
  const period: Fields<Schemas['Period']> = readObject(answer, 'period') ?? {};
  const fromMs = readMs(period, 'start');
  const toMs = readMs(period, 'end');
  if (fromMs === undefined || toMs === undefined) throw new DecodeError('the answer has no period');
  return { fromMs, toMs };
}

function decodeMeasured(values: JsonObject): Measured {
  return Object.fromEntries(Object.keys(values).map((name) => [name, readNumber(values, name)]));
}

function decodeTexts(values: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}

function decodePoint(point: Wire<'AggregatePoint'>): SumPoint {
  const timeMs = readMs(point, 'time');
  if (timeMs === undefined) throw new DecodeError('a step of time has no time');
  return { timeMs, values: decodeMeasured(readObject(point, 'values') ?? {}) };
}

function decodeGroup(group: Wire<'AggregateGroup'>): SumGroup {
  const values = decodeMeasured(readObject(group, 'values') ?? {});
  return {
    keys: decodeTexts(readObject(group, 'keys') ?? {}),
    values,
    cost: costOf(values['cost'], readText(group, 'cost_status')),
    points: readObjects(group, 'points').map(decodePoint),
  };
}

export function decodeSums(value: unknown): Sums {
  if (!isObject(value)) throw new DecodeError('the sums are not an object');
  const answer: Wire<'Aggregate'> = value;
  const step = readNumber(answer, 'bucket_seconds');
  return {
    stepMs: step === undefined ? undefined : step * 1000,
    totalGroups: readTotal(answer, 'total_groups') ?? 0,
    groups: readObjects(answer, 'groups').map(decodeGroup),
    period: decodePeriod(answer),
  };
}

export function decodeCounts(value: unknown): Counts {
  if (!isObject(value)) throw new DecodeError('the histogram is not an object');
  const answer: Wire<'Histogram'> = value;
  const step = readNumber(answer, 'bucket_seconds');
  if (step === undefined) throw new DecodeError('the histogram has no bucket_seconds');
  return {
    stepMs: step * 1000,
    period: decodePeriod(answer),
    buckets: readObjects(answer, 'buckets').map((bucket: Wire<'HistogramBucket'>) => {
      const timeMs = readMs(bucket, 'time');
      if (timeMs === undefined) throw new DecodeError('a bucket has no time');
      const counts = readObject(bucket, 'values') ?? {};
      return {
        timeMs,
        total: readNumber(bucket, 'total') ?? 0,
        values: Object.fromEntries(
          Object.keys(counts).map((name) => [name, readNumber(counts, name) ?? 0]),
        ),
      };
    }),
  };
}
