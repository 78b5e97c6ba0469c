// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readObjects, readText, readTexts } from '../base/json';
import type { JsonObject } from '../base/json';
import type {
  Attribution,
  Difference,
  FailureAnalysis,
  FailureGroup,
  RunCondition,
  Shares,
  Suspect,
} from '../model/failures';
import { DecodeError } from './decodeError';
import { readMs } from './decodeSums';
import type { Wire } from './wire';

export function decodeShares(object: JsonObject | undefined): Shares {
  return Object.fromEntries(
    Object.keys(object ?? {}).map((name) => [name, readNumber(object ?? {}, name) ?? 0]),
  );
}

function decodeGroup(group: Wire<'FailureGroup'>): FailureGroup {
  const fingerprint = readText(group, 'fingerprint');
  const firstMs = readMs(group, 'first_seen');
  const lastMs = readMs(group, 'last_seen');
  if (fingerprint === undefined || firstMs === undefined || lastMs === undefined)
    throw new DecodeError('a group of failures has no fingerprint or times');
  return {
    fingerprint,
    title: readText(group, 'title') ?? 'no message',
    reason: readText(group, 'reason') ?? 'unknown',
    count: readNumber(group, 'count') ?? 0,
    firstMs,
    lastMs,
    traceIds: readTexts(group, 'sample_trace_ids'),
    agents: decodeShares(readObject(group, 'agents')),
    models: decodeShares(readObject(group, 'models')),
  };
}

function decodeCondition(condition: Wire<'RunCondition'>): RunCondition {
  const { value } = condition;
  return {
    attribute: readText(condition, 'attribute') ?? '',
    op: readText(condition, 'op') ?? '',
    value: typeof value === 'string' || typeof value === 'number' ? value : undefined,
    low: readNumber(condition, 'low'),
    high: readNumber(condition, 'high'),
  };
}

export function decodeDifference(difference: Wire<'Difference'>): Difference {
  return {
    conditions: readObjects(difference, 'conditions').map(decodeCondition),
    also: readObjects(difference, 'also').map(decodeCondition),
    runs: readNumber(difference, 'runs') ?? 0,
    selected: readNumber(difference, 'selected') ?? 0,
    lift: readNumber(difference, 'lift') ?? 0,
    traceIds: readTexts(difference, 'sample_trace_ids'),
  };
}

function decodeSuspect(suspect: Wire<'Suspect'>): Suspect {
  return {
    spanId: readText(suspect, 'span_id') ?? '',
    agent: readText(suspect, 'agent'),
    probability: readNumber(suspect, 'probability') ?? 0,
    evidence: readTexts(suspect, 'evidence'),
  };
}

function decodeAttribution(attribution: Wire<'Attribution'>): Attribution {
  return {
    traceId: readText(attribution, 'trace_id') ?? '',
    agent: readText(attribution, 'agent'),
    spanId: readText(attribution, 'span_id'),
    unknownBecause: readText(attribution, 'unknown_because'),
    suspects: readObjects(attribution, 'suspects').map(decodeSuspect),
  };
}

export function decodeFailures(value: unknown): FailureAnalysis {
  if (!isObject(value)) throw new DecodeError('the analysis of failures is not an object');
  const answer: Wire<'FailureAnalysis'> = value;
  return {
    workflowId: readText(answer, 'workflow_id') ?? '',
    totalFailures: readNumber(answer, 'total_failures') ?? 0,
    failureRate: readNumber(answer, 'failure_rate') ?? 0,
    analyzed: readNumber(answer, 'analyzed_failures') ?? 0,
    byStep: decodeShares(readObject(answer, 'failures_by_step')),
    byAgent: decodeShares(readObject(answer, 'failures_by_agent')),
    groups: readObjects(answer, 'groups').map(decodeGroup),
    searchedRuns: readNumber(answer, 'searched_runs') ?? 0,
    differences: readObjects(answer, 'what_differs').map(decodeDifference),
    attributions: readObjects(answer, 'attributions').map(decodeAttribution),
  };
}
