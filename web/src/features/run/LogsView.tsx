// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { useRunLogs } from '../../api/runQueries';
import { formatDuration, plural } from '../../base/format';
import { secondsBetween } from '../../base/time';
import type { LogLine } from '../../model/run';
import type { TimeScale } from '../../model/spanLayout';
import { isOver } from '../../model/status';
import type { TimeWindow } from '../../model/timeWindow';
import { Button } from '../../ui/Button';
import { CodeView } from '../../ui/CodeView';
import { Fold } from '../../ui/Fold';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/Notice';
import { Tag } from '../../ui/Tag';
import { useClock } from '../../ui/useClock';
import styles from './LogsView.module.css';
import { levelTone } from './SpanLists';
import type { RunState } from './useRunState';

interface Line extends LogLine {
  readonly key: string;
}

/** Lines of the log and failures of spans, in order of time. */
function linesOf(state: RunState, logs: readonly LogLine[]): readonly Line[] {
  const failures = state.errors.flatMap((id): readonly Line[] => {
    const span = state.view.tree.nodes[state.view.tree.indexById.get(id) ?? -1]?.span;
    if (span === undefined) return [];
    const text = [span.errorType, span.errorMessage].filter((part) => part !== undefined);
    return [
      {
        key: `failure ${id}`,
        timeNs: span.endNs ?? span.startNs,
        level: 'failed',
        message: `${span.title}: ${text.join(': ')}`,
        spanId: id,
        metadata: undefined,
      },
    ];
  });
  const lines = [...logs].reverse().map((line, index) => ({ ...line, key: `log ${index}` }));
  return [...lines, ...failures].sort((left, right) => {
    if (left.timeNs === right.timeNs) return 0;
    if (left.timeNs === undefined) return 1;
    if (right.timeNs === undefined) return -1;
    return left.timeNs < right.timeNs ? -1 : 1;
  });
}

/** A line without a time belongs to every range. */
function isInRange(
  timeNs: bigint | undefined,
  scale: TimeScale,
  range: TimeWindow | undefined,
): boolean {
  if (range === undefined || timeNs === undefined) return true;
  const at = secondsBetween(scale.startNs, timeNs);
  return at >= range.from && at <= range.to;
}

/** All log records of a run and the failures of its spans, by time; each leads to its span. */
export function LogsView(props: { readonly state: RunState; readonly traceId: string }) {
  const { state } = props;
  const { run } = state.view;
  const query = useRunLogs(run.traceId, { isEnded: isOver(run.status) });
  const logs = useMemo(() => query.data?.pages.flatMap((page) => page.lines) ?? [], [query.data]);
  const lines = linesOf(state, logs);
  const wanted = state.search.find.trim().toLowerCase();
  const { range, scale } = state;
  const shown = lines.filter(
    ({ message, timeNs }) =>
      message.toLowerCase().includes(wanted) && isInRange(timeNs, scale, range),
  );
  return (
    <div className={styles.scroll} data-testid="logs">
      {query.isError && (
        <ErrorNotice
          message={`Cannot load the log: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isLoading && <Skeleton width="40%" />}
      {query.isSuccess && lines.length === 0 && (
        <EmptyState title="This run wrote no log">
          <p>Log records that carry its trace id are shown here.</p>
        </EmptyState>
      )}
      {lines.length > 0 && shown.length === 0 && (
        <EmptyState
          title={wanted === '' ? 'No line in this range' : `No line has “${state.search.find}”`}
          isCompact
        >
          {wanted !== '' && <Button onClick={() => state.setFind('')}>Clear search</Button>}
          {range !== undefined && (
            <Button onClick={() => state.setRange(undefined)}>Look at the whole run</Button>
          )}
        </EmptyState>
      )}
      {query.hasNextPage && (
        <Button disabled={query.isFetching} onClick={() => void query.fetchNextPage()}>
          Show earlier lines
        </Button>
      )}
      <ol className={styles.lines}>
        {shown.map(({ key, ...line }) => (
          <LineRow key={key} line={line} state={state} />
        ))}
      </ol>
    </div>
  );
}

function LineRow({ line, state }: { readonly line: LogLine; readonly state: RunState }) {
  const { timeNs, level, message, spanId, metadata } = line;
  const clock = useClock();
  const { startNs } = state.view.run;
  const [first = '', ...rest] = message.split('\n');
  const span = state.view.tree.nodes[state.view.tree.indexById.get(spanId ?? '') ?? -1]?.span;
  const members = Object.keys(metadata ?? {}).length;
  return (
    <li
      className={styles.line}
      data-selected={spanId !== undefined && spanId === state.search.span}
    >
      <time title={clock.exact(timeNs)}>
        {timeNs === undefined
          ? ''
          : startNs === undefined
            ? clock.moment(timeNs)
            : `+${formatDuration(Math.max(0, secondsBetween(startNs, timeNs)))}`}
      </time>
      <Tag tone={level === 'failed' ? 'error' : levelTone(level)}>{level}</Tag>
      <div className={styles.text}>
        <span dir="auto">{first}</span>
        {rest.length > 0 && (
          <Fold title={plural(rest.length, 'more line')}>
            <CodeView value={message} />
          </Fold>
        )}
        {members > 0 && (
          <Fold title={plural(members, 'attribute')}>
            <CodeView value={metadata} />
          </Fold>
        )}
      </div>
      {span !== undefined && (
        <Button fit="small" look="quiet" onClick={() => state.select(span.id)}>
          {span.title} ›
        </Button>
      )}
    </li>
  );
}
