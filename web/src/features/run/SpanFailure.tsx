// SPDX-License-Identifier: Apache-2.0

import type { SpanDetail } from '../../model/message';
import type { Span } from '../../model/span';
import { CodeView } from '../../ui/CodeView';
import { Fold } from '../../ui/Fold';
import styles from './Panel.module.css';

/** The stack traces of a span's exceptions, as text. */
function stacksOf(detail: SpanDetail | undefined): readonly string[] {
  return (detail?.events ?? []).flatMap(({ attributes }) => {
    const stack = attributes['exception.stacktrace'];
    return typeof stack === 'string' && stack !== '' ? [stack] : [];
  });
}

/** Why a span failed, before everything else. */
export function SpanFailure(props: {
  readonly span: Span;
  readonly detail: SpanDetail | undefined;
}) {
  const { errorMessage, errorType, status } = props.span;
  const stacks = stacksOf(props.detail);
  if (errorMessage === undefined && errorType === undefined && stacks.length === 0)
    return undefined;
  const isFailed = status === 'failed';
  return (
    <div className={styles.failure} data-testid="failure">
      <strong>{errorType ?? (isFailed ? 'Error' : 'An exception was noted')}</strong>
      {errorMessage !== undefined && <span dir="auto">{errorMessage}</span>}
      {stacks.map((stack, index) => (
        <Fold key={index} title="Stack trace" isOpen={index === 0 && errorMessage === undefined}>
          <CodeView value={stack} />
        </Fold>
      ))}
    </div>
  );
}
