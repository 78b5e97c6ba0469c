// SPDX-License-Identifier: Apache-2.0
import type { SpanContext } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

export interface Scope {
  readonly name: string;
  readonly version?: string | undefined;
}

export interface Resource {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** While true, detectors are at work whose attributes are still missing. */
  readonly asyncAttributesPending?: boolean | undefined;
  readonly waitForAsyncAttributes?: (() => Promise<void>) | undefined;
}

/** A span of the SDK's first or second major version: what differs between them is optional. */
export type AnySpan = Omit<
  ReadableSpan,
  'resource' | 'parentSpanContext' | 'instrumentationScope'
> & {
  readonly resource: Resource;
  /** Version 1. */
  readonly parentSpanId?: string | undefined;
  readonly instrumentationLibrary?: Scope | undefined;
  /** Version 2. */
  readonly parentSpanContext?: SpanContext | undefined;
  readonly instrumentationScope?: Scope | undefined;
};

export function parentSpanIdOf(span: AnySpan): string | undefined {
  return span.parentSpanContext?.spanId ?? span.parentSpanId;
}

export function scopeOf(span: AnySpan): Scope {
  return span.instrumentationScope ?? span.instrumentationLibrary ?? { name: '' };
}
