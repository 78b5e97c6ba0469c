// SPDX-License-Identifier: Apache-2.0

import { useQuery } from '@tanstack/react-query';
import { isObject, readObjects, readText } from '../base/json';
import { errorsFromCause } from '../model/errorOrder';
import type { Span } from '../model/span';
import { SpanForest } from '../model/spanForest';
import { apiAddress } from './apiAddress';
import { DecodeError } from './decodeError';
import { decodeSpan } from './decodeSpan';
import { decodeSpanAnswer } from './decodeTrace';
import type { WholeSpan } from './decodeTrace';
import { getJson } from './httpClient';

/** What one run failed of, where that happened, and in the words of the program. */
export interface SampleFailure {
  readonly span: Span;
  readonly stack: string | undefined;
}

function decodeRows(value: unknown): readonly Span[] {
  if (!isObject(value)) throw new DecodeError('the rows are not an object');
  return readObjects(value, 'rows').map(decodeSpan);
}

/** The span that the others failed of; undefined where none failed. */
export function causeOf(spans: readonly Span[]): Span | undefined {
  const forest = new SpanForest();
  for (const span of spans) forest.put(span);
  const [cause] = errorsFromCause(forest.tree());
  return spans.find(({ id }) => id === cause);
}

function stackOf({ detail }: WholeSpan): string | undefined {
  const stacks = detail.events.map(({ attributes }) =>
    readText(attributes, 'exception.stacktrace'),
  );
  return stacks.find((stack) => stack !== undefined);
}

export function useSampleFailure(traceId: string | undefined) {
  return useQuery({
    queryKey: ['sample failure', traceId],
    queryFn: async ({ signal }): Promise<SampleFailure | 'none'> => {
      const place = { trace_id: traceId ?? '' };
      const rows = await getJson(
        apiAddress('/api/v1/observability/traces/{trace_id}/rows', {}, place),
        decodeRows,
        signal,
      );
      const cause = causeOf(rows);
      if (cause === undefined) return 'none';
      const whole = await getJson(
        apiAddress(
          '/api/v1/observability/traces/{trace_id}/spans/{span_id}',
          {},
          { ...place, span_id: cause.id },
        ),
        decodeSpanAnswer,
        signal,
      );
      return { span: whole.span, stack: stackOf(whole) };
    },
    enabled: traceId !== undefined,
    staleTime: 300_000,
  });
}
