// SPDX-License-Identifier: Apache-2.0

import type { JsonObject } from '../base/json';
import type { Cost } from './cost';
import type { Status } from './status';

export const spanKinds = [
  'agent',
  'workflow',
  'task',
  'llm',
  'tool',
  'retriever',
  'embedding',
  'reranker',
  'guardrail',
  'evaluator',
  'http',
  'db',
  'other',
] as const;
export type SpanKind = (typeof spanKinds)[number];

export function toSpanKind(word: string | undefined): SpanKind {
  return spanKinds.find((kind) => kind === word) ?? 'other';
}

export interface Usage {
  readonly inputTotal: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly outputTotal: number | undefined;
  readonly reasoning: number | undefined;
  readonly audioIn: number | undefined;
  readonly audioOut: number | undefined;
  readonly total: number | undefined;
}

/** What a row of the tree shows. The rest waits in `raw` and is decoded when the span is opened. */
export interface Span {
  readonly id: string;
  readonly parentId: string | undefined;
  /** The server's reason why the parent is not part of the trace. */
  readonly parentMissing: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: Status;
  readonly startNs: bigint | undefined;
  /** Undefined while the span is running: its duration is unknown, not "until now". */
  readonly endNs: bigint | undefined;
  readonly durationSeconds: number | undefined;
  readonly agent: string | undefined;
  readonly model: string | undefined;
  readonly provider: string | undefined;
  readonly usage: Usage | undefined;
  readonly cost: Cost;
  readonly errorMessage: string | undefined;
  readonly errorType: string | undefined;
  readonly marks: readonly string[];
  readonly raw: JsonObject;
}

const markSentences: ReadonlyMap<string, string> = new Map([
  [
    'clock_skew',
    'The clocks of the sending machines disagree: this span lies outside its parent in time.',
  ],
  [
    'end_before_start',
    'The span was sent with an end before its start; both times are kept as sent.',
  ],
  ['repaired_utf8', 'Some text was not valid UTF-8 and has been repaired.'],
  ['provisional', 'Only children of this span have arrived so far; its own data is still to come.'],
  ['pending', 'Announced at its start; its end has not arrived.'],
]);

export function explainMark(mark: string): string {
  return markSentences.get(mark) ?? mark.replaceAll('_', ' ');
}

const parentReasons: ReadonlyMap<string, string> = new Map([
  ['not_yet_arrived', 'Its parent has not arrived yet. It may still be running.'],
  ['never_exported', 'Its parent was never exported to this server.'],
  ['other_project', 'Its parent belongs to another project.'],
]);

export function explainParentMissing(reason: string): string {
  return parentReasons.get(reason) ?? `Its parent is missing: ${reason.replaceAll('_', ' ')}`;
}
