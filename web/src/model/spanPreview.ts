// SPDX-License-Identifier: Apache-2.0

import { plainLine } from './plainLine';
import type { Span } from './span';

export interface SpanPreview {
  readonly text: string;
  readonly tone: 'plain' | 'error';
}

/** What a span is about, in a line: why it failed, what a model answered, what a tool was given and gave. */
export function previewOf(span: Span): SpanPreview | undefined {
  if (span.status === 'failed') {
    const text = span.errorMessage?.split('\n', 1)[0] ?? span.errorType;
    if (text !== undefined) return { text, tone: 'error' };
  }
  const text = plainPreview(span);
  return text === undefined ? undefined : { text, tone: 'plain' };
}

function lineOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainLine(text);
}

function plainPreview(span: Span): string | undefined {
  const { kind } = span;
  const inputPreview = lineOf(span.inputPreview);
  const outputPreview = lineOf(span.outputPreview);
  // The input of a model call or an agent is its whole conversation, of which the preview is the end.
  if (kind === 'llm' || kind === 'agent' || kind === 'workflow')
    return outputPreview ?? inputPreview;
  if (inputPreview === undefined || outputPreview === undefined)
    return inputPreview ?? outputPreview;
  return `${inputPreview} → ${outputPreview}`;
}
