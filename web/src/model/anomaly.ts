// SPDX-License-Identifier: Apache-2.0

import type { SearchTexts } from './searchTexts';

/** An hour in which a workflow, an agent or a model behaved unlike before. */
export interface Anomaly {
  readonly subjectKind: string;
  readonly subject: string;
  readonly measure: string;
  readonly kind: string;
  readonly startMs: number;
  readonly score: number;
  /** One sentence. */
  readonly reason: string;
  /** The runs that it is about, in the address of their list. */
  readonly runs: SearchTexts;
}

export interface Anomalies {
  readonly total: number;
  readonly subjects: number;
  /** Why nothing could be looked at. */
  readonly message: string | undefined;
  readonly anomalies: readonly Anomaly[];
}
