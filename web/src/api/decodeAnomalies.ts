// SPDX-License-Identifier: Apache-2.0

import { isObject, readNumber, readObject, readObjects, readText } from '../base/json';
import type { Anomalies, Anomaly } from '../model/anomaly';
import type { SearchTexts } from '../model/searchTexts';
import { modelName } from '../model/sums';
import { DecodeError } from './decodeError';
import { readMs } from './decodeSums';
import type { Fields, Schemas, Wire } from './wire';

/** The filters of the server, as they stand in the address of the list of runs. */
function decodeRuns(filter: Fields<Schemas['Anomaly']['filter']>): SearchTexts {
  const model = readText(filter, 'model');
  return {
    workflow_id: readText(filter, 'workflow_id'),
    agent: readText(filter, 'agent'),
    model: model === undefined ? undefined : modelName(model),
    from: readText(filter, 'start_time'),
    to: readText(filter, 'end_time'),
  };
}

function decodeAnomaly(anomaly: Wire<'Anomaly'>): Anomaly {
  const subject: Fields<Schemas['Anomaly']['subject']> = readObject(anomaly, 'subject') ?? {};
  const startMs = readMs(anomaly, 'start_time');
  if (startMs === undefined) throw new DecodeError('an anomaly has no start_time');
  return {
    subjectKind: readText(subject, 'kind') ?? 'subject',
    subject: readText(subject, 'name') ?? '',
    measure: readText(anomaly, 'measure') ?? '',
    kind: readText(anomaly, 'kind') ?? '',
    startMs,
    score: readNumber(anomaly, 'score') ?? 0,
    reason: readText(anomaly, 'reason') ?? '',
    runs: decodeRuns(readObject(anomaly, 'filter') ?? {}),
  };
}

export function decodeAnomalies(value: unknown): Anomalies {
  if (!isObject(value)) throw new DecodeError('the anomalies are not an object');
  const answer: Wire<'Anomalies'> = value;
  return {
    total: readNumber(answer, 'total') ?? 0,
    subjects: readNumber(answer, 'subjects') ?? 0,
    message: readText(answer, 'message'),
    anomalies: readObjects(answer, 'anomalies').map(decodeAnomaly),
  };
}
