// SPDX-License-Identifier: Apache-2.0
// One step of a run as lists across runs show it: a call of a model, of a tool, or any other step.

import type { SpanKind } from './span';
import type { Status } from './status';

export interface Call {
  readonly traceId: string;
  readonly spanId: string;
  readonly kind: SpanKind;
  readonly name: string;
  readonly status: Status;
  readonly startNs: bigint | undefined;
  readonly durationSeconds: number | undefined;
  readonly workflowId: string | undefined;
  readonly agent: string | undefined;
  /** Provider, a slash, model. */
  readonly model: string | undefined;
  readonly service: string | undefined;
  readonly sessionId: string | undefined;
  readonly userId: string | undefined;
  readonly errorType: string | undefined;
  /** Undefined where the sender told of none, or another span counts them. */
  readonly tokens: CallTokens | undefined;
  /** US dollars; undefined where nobody knows. */
  readonly usd: number | undefined;
}

export interface CallTokens {
  readonly input: number;
  /** Part of the input. */
  readonly cacheRead: number;
  /** Part of the input. */
  readonly cacheWrite: number;
  readonly output: number;
  /** Part of the output. */
  readonly reasoning: number;
}

export interface CallPage {
  readonly calls: readonly Call[];
  readonly nextCursor: string | undefined;
}

const spendingKinds: readonly SpanKind[] = ['llm', 'embedding', 'reranker'];

/** Whether such a step uses tokens and money: of others it is not unknown how many, there are none. */
export function isSpending(kind: SpanKind): boolean {
  return spendingKinds.includes(kind);
}

export function totalTokens(call: Call): number | undefined {
  return call.tokens === undefined ? undefined : call.tokens.input + call.tokens.output;
}

/** Names a call in an address and among the rows of a list. */
export function callId(call: Pick<Call, 'traceId' | 'spanId'>): string {
  return `${call.traceId}.${call.spanId}`;
}

/** The calls of several pages, each once. */
export function joinCallPages(pages: readonly CallPage[]): readonly Call[] {
  const byId = new Map<string, Call>();
  for (const page of pages) for (const call of page.calls) byId.set(callId(call), call);
  return [...byId.values()];
}
