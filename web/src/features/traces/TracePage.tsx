// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { ApiError } from '../../api/httpClient';
import { useLiveTrace } from '../../api/useLiveTrace';
import type { TraceView } from '../../model/liveTrace';
import { signsBySpan } from '../../model/sign';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorNotice } from '../../ui/Notice';
import { SplitPane } from '../../ui/SplitPane';
import { RunPanel } from './RunPanel';
import { SignNotices } from './SignNotices';
import { SpanPanel } from './SpanPanel';
import { SpanTreeView } from './SpanTreeView';
import { TraceHeader, TraceHeaderSkeleton } from './TraceHeader';
import { TraceSkeleton } from './TraceSkeleton';
import styles from './TracePage.module.css';
import type { TraceSearch } from './url';

export interface TracePageProps {
  readonly traceId: string;
  readonly search: TraceSearch;
  readonly onSearchChange: (change: TraceSearch) => void;
}

export function TracePage(props: TracePageProps) {
  const { query, feed } = useLiveTrace(props.traceId);
  const view = query.data;
  const retry = (): void => void query.refetch();
  const error = query.isError ? (
    <ErrorNotice message={`Cannot load this run: ${query.error.message}`} onRetry={retry} />
  ) : undefined;
  if (view === undefined) {
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
      <TraceHeader run={view.run} feed={feed} />
      <SignNotices
        signs={view.run.signs}
        onSelect={(span) => props.onSearchChange({ span, find: undefined })}
      />
      {error}
      <TraceBody {...props} view={view} />
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

function TraceBody(props: TracePageProps & { readonly view: TraceView }) {
  const { view, search, onSearchChange } = props;
  const { trace, run, tree, live } = view;
  const signs = useMemo(() => signsBySpan(run.signs), [run.signs]);
  const index = search.span === undefined ? undefined : tree.indexById.get(search.span);
  const node = index === undefined ? undefined : tree.nodes[index];
  return (
    <SplitPane
      sideLabel="details"
      main={
        <SpanTreeView
          tree={tree}
          signs={signs}
          selectedId={search.span}
          find={search.find ?? ''}
          onSelect={(span) => onSearchChange({ span })}
          onFind={(find) => onSearchChange({ find: find === '' ? undefined : find })}
        />
      }
      side={
        node === undefined ? (
          <RunPanel trace={trace} run={run} repeated={live.repeated} />
        ) : (
          <SpanPanel
            key={node.span.id}
            node={node}
            traceId={props.traceId}
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
