// SPDX-License-Identifier: Apache-2.0

import { memo, useMemo } from 'react';
import { formatCompact, formatDuration, plural } from '../../../base/format';
import { sumRange } from '../../../model/rangeSums';
import { wholeWindow } from '../../../model/timeWindow';
import type { TimeWindow } from '../../../model/timeWindow';
import { KindIcon } from '../../../parts/KindIcon';
import { SumText } from '../../../parts/SumText';
import { Button } from '../../../ui/Button';
import type { RunState } from '../useRunState';
import styles from './Timeline.module.css';

const mostNames = 6;

interface RangeStripProps {
  readonly state: RunState;
  /** What was chosen by dragging; undefined where nothing was. */
  readonly selection: TimeWindow | undefined;
  /** Spans of which nobody knows when they ran. */
  readonly unplaced: number;
  readonly onZoom: (window: TimeWindow) => void;
  readonly onClear: () => void;
}

/** What ran in the stretch that was chosen, else in what is seen: time by name, tokens and cost. */
export const RangeStrip = memo(function RangeStrip(props: RangeStripProps) {
  const { state, selection } = props;
  const { view, scale, range } = state;
  const shown = selection ?? range ?? wholeWindow(scale);
  const { from, to } = shown;
  const sums = useMemo(
    () => sumRange(view.tree, scale, { from, to }),
    [view.tree, scale, from, to],
  );
  const title =
    selection !== undefined ? 'Selected' : range !== undefined ? 'In view' : 'Whole run';
  return (
    <section className={styles.strip} aria-label="Sums of the range" data-testid="range-sums">
      <p className={styles.stripHead}>
        <strong>{title}</strong>
        <span>
          {from > 0 || title !== 'Whole run'
            ? `${formatDuration(from)} – ${formatDuration(to)} (${formatDuration(to - from)})`
            : formatDuration(to)}
        </span>
        <span title="Everything that ran in it; calls count as a whole">
          {plural(sums.spans, 'span')}
          {sums.errors > 0 && (
            <span className={styles.bad}>{` · ${plural(sums.errors, 'error')}`}</span>
          )}
          {sums.tokens !== undefined && ` · ${formatCompact(sums.tokens)} tokens`}
          <SumText usd={sums.usd} unpriced={sums.unpriced} />
        </span>
        {props.unplaced > 0 && <span>{plural(props.unplaced, 'span')} without a start</span>}
        {selection !== undefined && (
          <span className={styles.stripEnd}>
            <Button fit="small" onClick={() => props.onZoom(selection)}>
              Zoom to it
            </Button>
            <Button fit="small" look="quiet" onClick={props.onClear}>
              Clear
            </Button>
          </span>
        )}
      </p>
      <ul className={styles.names}>
        {sums.names.slice(0, mostNames).map(({ kind, title: name, count, seconds, longestId }) => (
          <li key={`${kind} ${name}`}>
            <button
              type="button"
              title="Show the longest of them. Time inside the range, of spans with nothing below them"
              onClick={() => state.select(longestId)}
            >
              <KindIcon kind={kind} />
              <span dir="auto" className={styles.nameText}>
                {name}
              </span>
              {count > 1 && <span className={styles.quiet}>×{count}</span>}
              <span>{formatDuration(seconds)}</span>
            </button>
          </li>
        ))}
        {sums.names.length > mostNames && (
          <li className={styles.quiet}>{plural(sums.names.length - mostNames, 'more name')}</li>
        )}
      </ul>
    </section>
  );
});
