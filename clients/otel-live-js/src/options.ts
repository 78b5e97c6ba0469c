// SPDX-License-Identifier: Apache-2.0
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock } from './clock.js';
import { targetFromEnvironment, tracesUrl } from './environment.js';
import { ExporterSender } from './ExporterSender.js';
import type { SpanFilter } from './filter.js';
import { log } from './log.js';
import { OtlpHttpSender } from './OtlpHttpSender.js';
import { type Sender, reasonOf } from './sender.js';

export interface LiveSpanOptions {
  /**
   * Where OTLP/HTTP is received, e.g. `http://localhost:4318`, with or without `/v1/traces`.
   * Default: the `OTEL_EXPORTER_OTLP_*` variables, then `http://localhost:4318`.
   */
  readonly endpoint?: string | undefined;
  /** Sent with each request, besides those of the `OTEL_EXPORTER_OTLP_*` variables. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Sends instead of the built-in OTLP/HTTP. Give the processor an exporter of its own: it exports
   * while others do, and shuts it down.
   */
  readonly exporter?: SpanExporter | undefined;
  /** Which spans are shown when they start. Default: `all`. */
  readonly filter?: SpanFilter | undefined;
  /** How long spans are collected into a batch; those that end meanwhile are not sent early. */
  readonly delayMs?: number | undefined;
  /** Spans sent per second in the long run. What is above waits, and is not sent if it ends first. */
  readonly spansPerSecond?: number | undefined;
  /** Spans that may be sent at once after a quiet time. */
  readonly burst?: number | undefined;
  readonly maxBatchSize?: number | undefined;
  /** Spans that may wait; more are dropped and counted. */
  readonly maxQueueSize?: number | undefined;
  /** Attributes with longer text are left to the real span. In characters. */
  readonly maxAttributeLength?: number | undefined;
  /** For one request, and for each batch of `forceFlush` and `shutdown`. */
  readonly exportTimeoutMs?: number | undefined;
}

export interface Limits {
  readonly delayMs: number;
  readonly spansPerSecond: number;
  readonly burst: number;
  readonly maxBatchSize: number;
  readonly maxQueueSize: number;
  readonly maxAttributeLength: number;
  readonly exportTimeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  delayMs: 100,
  spansPerSecond: 100,
  burst: 200,
  maxBatchSize: 64,
  maxQueueSize: 2_048,
  maxAttributeLength: 16_384,
  exportTimeoutMs: 5_000,
};

const MINIMA: Limits = {
  delayMs: 0,
  spansPerSecond: 0.001,
  burst: 1,
  maxBatchSize: 1,
  maxQueueSize: 1,
  maxAttributeLength: 0,
  exportTimeoutMs: 1,
};

/** A wrong number is replaced by the default, with a warning: it must not fail the program. */
export function limitsOf(options: LiveSpanOptions): Limits {
  const limits: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    if (typeof value === 'number' && value >= MINIMA[name]) limits[name] = value;
    else log('warn', `${name} cannot be ${String(value)}, it is ${DEFAULT_LIMITS[name]}`);
  }
  return limits as unknown as Limits;
}

export function senderOf(options: LiveSpanOptions, clock: Clock): Sender {
  const { endpoint, headers, exporter } = options;
  if (exporter !== undefined) return new ExporterSender(exporter, clock);
  try {
    const target = targetFromEnvironment(process.env);
    return new OtlpHttpSender({
      url: endpoint === undefined ? target.url : tracesUrl(endpoint),
      headers: { ...target.headers, ...headers },
    });
  } catch (error) {
    return refusing(`cannot send to the endpoint: ${reasonOf(error)}`);
  }
}

function refusing(reason: string): Sender {
  return {
    send: () => Promise.resolve({ kind: 'refused', reason }),
    shutdown: () => Promise.resolve(),
  };
}
