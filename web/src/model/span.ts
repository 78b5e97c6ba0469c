// SPDX-License-Identifier: Apache-2.0

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

/** What a span and all below it come to. A call that several spans tell of counts once. */
export interface RollUp {
  readonly descendants: number;
  /** Failed spans, itself included. */
  readonly errors: number;
  readonly modelCalls: number;
  readonly tokens: number;
  readonly cost: Cost;
}

/** What a row of the tree shows. The rest is read when the span is opened. */
export interface Span {
  readonly id: string;
  readonly parentId: string | undefined;
  /** The server's reason why the parent is not part of the trace. */
  readonly parentMissing: string | undefined;
  /** As sent. */
  readonly name: string;
  /** What a person would call it. */
  readonly title: string;
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
  /** False where another span reports the same call: its usage and cost are not part of any sum. */
  readonly isCounted: boolean;
  readonly errorMessage: string | undefined;
  readonly errorType: string | undefined;
  /** What it was asked and what it answered, in a line. */
  readonly inputPreview: string | undefined;
  readonly outputPreview: string | undefined;
  /** Undefined while only the feed has told of the span. */
  readonly rollUp: RollUp | undefined;
  /** Seconds in which nothing below it ran; unknown while the run goes on. */
  readonly selfSeconds: number | undefined;
  /** Seconds that the run waited for this span itself; unknown while the run goes on. */
  readonly criticalSeconds: number | undefined;
  /**
   * `read`: the row as the server has it. `feed`: what the live feed tells; previews and sums are still
   * to be read. `children`: it has not come, only spans that name it as their parent have.
   */
  readonly knownFrom: 'read' | 'feed' | 'children';
}

/** Stands for a parent that has not come. When it started and what it is, nobody knows yet. */
export function makeAwaitedSpan(id: string): Span {
  return {
    id,
    name: 'not arrived yet',
    title: 'not arrived yet',
    kind: 'other',
    status: 'unknown',
    cost: { kind: 'nothing' },
    isCounted: true,
    knownFrom: 'children',
    parentId: undefined,
    parentMissing: undefined,
    startNs: undefined,
    endNs: undefined,
    durationSeconds: undefined,
    agent: undefined,
    model: undefined,
    provider: undefined,
    usage: undefined,
    errorMessage: undefined,
    errorType: undefined,
    inputPreview: undefined,
    outputPreview: undefined,
    rollUp: undefined,
    selfSeconds: undefined,
    criticalSeconds: undefined,
  };
}

/** Marks that a reader should be warned by. */
const warnings: ReadonlyMap<string, string> = new Map([
  [
    'clock_skew',
    'The clocks of the sending machines disagree: this span lies outside its parent in time.',
  ],
  [
    'end_before_start',
    'The span was sent with an end before its start; both times are kept as sent.',
  ],
  ['time_suspect', 'The times of this span are far from when it arrived; they are kept as sent.'],
  ['too_long', 'The span claims to have lasted implausibly long; its times are kept as sent.'],
  ['text_repaired', 'Some text was not valid UTF-8 and has been repaired.'],
  ['repaired_utf8', 'Some text was not valid UTF-8 and has been repaired.'],
  ['attributes_cut', 'The sender or a limit of this server cut some of its attributes.'],
  ['nested_too_deep', 'Some values were nested too deep and are kept as text.'],
]);

/** Marks that explain where the span comes from or how it counts. */
const remarks: ReadonlyMap<string, string> = new Map([
  ['from_log', 'built from a log event, not sent as a span'],
  ['derived_ids', 'its ids were derived, since the sender gave none'],
  ['placeholder', 'announced at its start; its end has not arrived'],
  ['pending', 'announced at its start; its end has not arrived'],
  ['is_log_like', 'a point in time rather than a step'],
  ['not_a_call', 'not counted as a call'],
  ['app_root', 'root of its application'],
  ['lifetime_usage', 'its usage covers the whole life of the agent object'],
  ['demo', 'sent by the demo'],
]);

/** Sentences of warning for the given marks; a mark nobody knows is a warning too. */
export function markWarnings(marks: readonly string[]): readonly string[] {
  return marks
    .filter((mark) => !remarks.has(mark))
    .map((mark) => warnings.get(mark) ?? mark.replaceAll('_', ' '));
}

export function markRemarks(marks: readonly string[]): readonly string[] {
  return marks.flatMap((mark) => remarks.get(mark) ?? []);
}

/** The reason given where the server does not say one: the span came through the live feed. */
export const awaitedReason = 'not_yet_arrived';

/** The server gives its reasons as a word, or as a sentence that begins with it. */
export function isParentAwaited(reason: string | undefined): boolean {
  return reason !== undefined && /^not.yet.arrived/.test(reason);
}

export const awaitedExplanation =
  'Only spans below this one have arrived. Spans are sent when they end, so it is probably still running.';

const parentReasons: ReadonlyMap<string, string> = new Map([
  [awaitedReason, 'Its parent has not arrived yet. It may still be running.'],
  ['never_exported', 'Its parent was never exported to this server.'],
  ['other_project', 'Its parent belongs to another project.'],
]);

export function explainParentMissing(reason: string): string {
  return parentReasons.get(reason) ?? `Its parent is missing: ${reason.replaceAll('_', ' ')}`;
}
