// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { ApiError } from '../../api/httpClient';
import { useTrace } from '../../api/queries';
import { useLiveRefresh } from '../../api/useLiveRefresh';
import type { Trace } from '../../model/run';
import { buildSpanTree } from '../../model/spanTree';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { SplitPane } from '../../ui/SplitPane';
import { RunPanel } from './RunPanel';
import { SpanPanel } from './SpanPanel';
import { SpanTreeView } from './SpanTreeView';
import { TraceHeader, TraceHeaderSkeleton } from './TraceHeader';
import { TraceSkeleton } from './TraceSkeleton';
import styles from './TracePage.module.css';
import type { TraceSearch } from './url';

const refreshMs = 2000;
/** Spans may trail in for a while after the root has ended. */
const settleMs = 60_000;

export interface TracePageProps {
  readonly traceId: string;
  readonly search: TraceSearch;
  readonly onSearchChange: (change: TraceSearch) => void;
}

function isSettled(trace: Trace | undefined, updatedAt: number): boolean {
  if (trace === undefined || trace.run.status === 'running') return false;
  return (
    trace.run.endNs !== undefined && updatedAt - Number(trace.run.endNs / 1_000_000n) > settleMs
  );
}

export function TracePage(props: TracePageProps) {
  const query = useTrace(props.traceId);
  const trace = query.data;
  const feed = useLiveRefresh(query, {
    intervalMs: refreshMs,
    isSettled: isSettled(trace, query.dataUpdatedAt),
  });
  const retry = (): void => void query.refetch();
  const error = query.isError ? (
    <ErrorNotice message={`Cannot load this run: ${query.error.message}`} onRetry={retry} />
  ) : undefined;
  if (trace === undefined) {
    const isUnknown = query.error instanceof ApiError && query.error.status === 404;
    return (
      <div className={styles.page}>
        <TraceHeaderSkeleton traceId={props.traceId} />
        {isUnknown ? <UnknownTrace onRetry={retry} /> : (error ?? <TraceSkeleton />)}
      </div>
    );
  }
  return (
    <div className={styles.page}>
      <TraceHeader trace={trace} feed={feed} />
      {error}
      <TraceBody {...props} trace={trace} />
    </div>
  );
}

function UnknownTrace(props: { readonly onRetry: () => void }) {
  return (
    <EmptyState title="There is no run with this id">
      <p>It may not have arrived yet, or its day may have been deleted by retention.</p>
      <p>
        <Button onClick={props.onRetry}>Look again</Button>
      </p>
    </EmptyState>
  );
}

function TraceBody(props: TracePageProps & { readonly trace: Trace }) {
  const { trace, search, onSearchChange } = props;
  const tree = useMemo(() => buildSpanTree(trace.spans), [trace.spans]);
  const index = search.span === undefined ? undefined : tree.indexById.get(search.span);
  const node = index === undefined ? undefined : tree.nodes[index];
  return (
    <SplitPane
      sideLabel="details"
      main={
        <SpanTreeView
          tree={tree}
          selectedId={search.span}
          find={search.find ?? ''}
          onSelect={(span) => onSearchChange({ span })}
          onFind={(find) => onSearchChange({ find: find === '' ? undefined : find })}
        />
      }
      side={
        node === undefined ? (
          <RunPanel trace={trace} duplicates={tree.duplicates} />
        ) : (
          <SpanPanel
            key={node.span.id}
            node={node}
            logs={trace.logs}
            tab={search.tab}
            onTab={(tab) => onSearchChange({ tab })}
            onClose={() => onSearchChange({ span: undefined })}
          />
        )
      }
    />
  );
}
