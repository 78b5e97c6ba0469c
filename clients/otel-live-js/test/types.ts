// SPDX-License-Identifier: Apache-2.0

// Compiled, not run, once for each major version of the SDK: the declarations of the package.

import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';

import { type LiveSpanOptions, LiveSpanProcessor, type LiveSpanStats } from '@sightline/otel-live';

export const processor: SpanProcessor = new LiveSpanProcessor();

export const options: LiveSpanOptions = {
  endpoint: 'http://localhost:4318',
  headers: { authorization: 'Bearer 1' },
  exporter: new InMemorySpanExporter(),
  filter: (span: ReadableSpan) => span.name !== 'health check',
  delayMs: 50,
};

export const sent: number = new LiveSpanProcessor(options).stats.sent;

// @ts-expect-error There is no such filter.
export const wrong: LiveSpanOptions = { filter: 'genai' };

export function reset(stats: LiveSpanStats): void {
  // @ts-expect-error Figures are only read.
  stats.sent = 0;
}

export const provider = BasicTracerProvider;
