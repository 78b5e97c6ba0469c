// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';
import { formatCompact, formatDuration } from '../../../base/format';
import { secondsBetween } from '../../../base/time';
import { formatCost } from '../../../model/cost';
import type { Span } from '../../../model/span';
import type { RunState } from '../useRunState';
import styles from './Transcript.module.css';

/** How long after the start of the run. */
function offsetOf(state: RunState, span: Span | undefined): string {
  const start = state.view.run.startNs;
  if (start === undefined || span?.startNs === undefined) return '';
  return `+${formatDuration(Math.max(0, secondsBetween(start, span.startNs)))}`;
}

/** Time, tokens and cost of a span, as far as they are known. */
export function figuresOf(span: Span): readonly string[] {
  const { rollUp, kind } = span;
  const isSum = rollUp !== undefined && kind !== 'llm' && rollUp.modelCalls > 0;
  const tokens = isSum ? rollUp.tokens : span.usage?.total;
  const cost = isSum ? rollUp.cost : span.cost;
  const bracket = (text: string): string => (isSum || span.isCounted ? text : `(${text})`);
  return [
    span.endNs === undefined ? 'running' : formatDuration(span.durationSeconds),
    ...(tokens === undefined ? [] : [bracket(formatCompact(tokens))]),
    ...(cost.kind === 'nothing' ? [] : [`${isSum ? 'Σ\u00a0' : ''}${bracket(formatCost(cost))}`]),
  ];
}

/** What a line of the transcript has in common: who or when at the left, figures at the right. */
export function Row(props: {
  readonly state: RunState;
  /** What it shows the details of. */
  readonly span: Span | undefined;
  /** At the left, before the offset: the number of a turn. */
  readonly mark?: string | undefined;
  readonly label: string;
  readonly figures?: readonly string[];
  readonly children: ReactNode;
}) {
  const { state, span, mark, label } = props;
  const offset = mark === undefined ? '' : offsetOf(state, span);
  return (
    <article
      className={styles.row}
      data-span={span?.id}
      data-selected={span !== undefined && state.search.span === span.id}
      data-match={span !== undefined && state.matches?.includes(span.id) === true}
      aria-label={label}
    >
      <span className={styles.gutter}>
        {span !== undefined && (
          <button
            type="button"
            className={styles.stop}
            data-stop={span.id}
            aria-pressed={state.search.span === span.id}
            onClick={() => state.select(span.id)}
          >
            <span className="visually-hidden">{label}</span>
            {mark === undefined ? (
              <span aria-hidden="true">›</span>
            ) : (
              `${mark}${offset === '' ? '' : ` · ${offset}`}`
            )}
          </button>
        )}
      </span>
      <div className={styles.content}>{props.children}</div>
      <span className={styles.figures}>{props.figures?.join(' · ')}</span>
    </article>
  );
}
