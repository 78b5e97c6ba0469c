// SPDX-License-Identifier: Apache-2.0
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { type AnySpan, scopeOf } from './anyMajor.js';

/** `gen_ai`: only spans of models, agents, tools and the like; or a function that says true. */
export type SpanFilter = 'all' | 'gen_ai' | ((span: ReadableSpan) => boolean);

/** Attributes that only instrumentation of AI programs sets. */
const PREFIXES = [
  'gen_ai.',
  'openinference.',
  'llm.',
  'traceloop.',
  'ai.operationId',
  'ai.model.',
  'langfuse.',
  'langsmith.',
  'mlflow.',
  'pydantic_ai.',
  'gcp.vertex.agent.',
  'mcp.',
];

/** Scopes of instrumentation whose spans do not all have such an attribute when they start. */
const SCOPES: ReadonlySet<string> = new Set([
  'ai',
  'gen_ai',
  'pydantic-ai',
  'langfuse-sdk',
  'langsmith',
  'gcp.vertex.agent',
  'strands.telemetry.tracer',
  'agent_framework',
  'autogen-core',
]);

export function matches(filter: SpanFilter, span: AnySpan): boolean {
  // The SDK made the span, so it is what the user's version of the SDK calls a ReadableSpan.
  if (typeof filter === 'function') return filter(span as ReadableSpan);
  return filter === 'all' || isGenAi(span);
}

function isGenAi(span: AnySpan): boolean {
  if (SCOPES.has(scopeOf(span).name)) return true;
  return Object.keys(span.attributes).some((key) =>
    PREFIXES.some((prefix) => key.startsWith(prefix)),
  );
}
