// SPDX-License-Identifier: Apache-2.0

import type { JsonObject } from '../base/json';
import { prettyText } from '../base/jsonText';

/** A value that may have been too large to send whole. */
export type Body =
  | { readonly kind: 'inline'; readonly value: unknown }
  | {
      readonly kind: 'cut';
      readonly preview: string;
      readonly contentUrl: string;
      /** Bytes of the whole, if the server says. */
      readonly size: number | undefined;
    };

export type MessagePart =
  | { readonly type: 'text' | 'reasoning'; readonly body: Body }
  | {
      readonly type: 'tool_call';
      readonly name: string | undefined;
      readonly id: string | undefined;
      readonly body: Body;
    }
  | {
      readonly type: 'tool_call_response';
      readonly name: string | undefined;
      readonly id: string | undefined;
      readonly body: Body;
    }
  | {
      readonly type: 'media';
      readonly modality: string;
      readonly mimeType: string | undefined;
      /** Where it lies, or which file it is; it is shown and not loaded. */
      readonly source: string;
      /** The thing itself as base64, if it was sent. */
      readonly data: Body | undefined;
    }
  | { readonly type: 'other'; readonly label: string; readonly body: Body };

export interface Message {
  readonly role: string;
  readonly name: string | undefined;
  readonly parts: readonly MessagePart[];
  readonly finishReason: string | undefined;
}

export interface Conversation {
  readonly system: readonly MessagePart[];
  readonly input: readonly Message[];
  readonly output: readonly Message[];
  readonly tools: Body | undefined;
}

export interface SpanEvent {
  readonly name: string;
  readonly timeNs: bigint | undefined;
  readonly attributes: JsonObject;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string | undefined;
  readonly attributes: JsonObject;
}

export interface Tool {
  readonly name: string | undefined;
  readonly callId: string | undefined;
  readonly type: string | undefined;
}

export interface ResourceUsage {
  readonly memoryMb: number | undefined;
  readonly cpuPercent: number | undefined;
  readonly ioOperations: number | undefined;
  readonly networkRequests: number | undefined;
}

/** How the cost of a call came about. */
export interface CostBreakdown {
  /** The price that was applied. */
  readonly rule: string | undefined;
  readonly missing: string | undefined;
  /** Why there are no lines. */
  readonly note: string | undefined;
  readonly lines: readonly {
    readonly kind: string;
    readonly count: number;
    readonly unitPrice: number;
    /** Of how many the unit price is. */
    readonly per: number;
    readonly amount: number;
  }[];
}

/** Everything about a span beyond its row. */
export interface SpanDetail {
  readonly conversation: Conversation | undefined;
  readonly input: Body | undefined;
  readonly output: Body | undefined;
  readonly attributes: readonly (readonly [key: string, body: Body])[];
  readonly unmapped: ReadonlySet<string>;
  /** What a reader of the figures should know; see `markWarnings`. */
  readonly marks: readonly string[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly tool: Tool | undefined;
  readonly timeToFirstTokenSeconds: number | undefined;
  readonly finishReasons: readonly string[];
  readonly service: string | undefined;
  readonly scope: string | undefined;
  readonly dialect: string | undefined;
  readonly resources: ResourceUsage | undefined;
  readonly costBreakdown: CostBreakdown | undefined;
}

function bodyText(body: Body): string {
  return body.kind === 'inline' ? prettyText(body.value) : `${body.preview}…`;
}

function partText(part: MessagePart): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return bodyText(part.body);
    case 'tool_call':
      return `${part.name ?? 'tool'}(${bodyText(part.body)})`;
    case 'tool_call_response':
    case 'other':
      return bodyText(part.body);
    case 'media':
      return `[${part.modality}] ${part.source}`;
  }
}

/** A message as text, for copying; of what the server has cut, the beginning. */
export function plainText(parts: readonly MessagePart[]): string {
  return parts.map(partText).join('\n\n');
}
