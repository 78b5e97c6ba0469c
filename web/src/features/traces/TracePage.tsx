// SPDX-License-Identifier: Apache-2.0

import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ApiError } from '../../api/httpClient';
import { useLiveTrace } from '../../api/useLiveTrace';
import { errorsFromCause } from '../../model/errorOrder';
import type { TraceView } from '../../model/liveTrace';
import { signsBySpan } from '../../model/sign';
import { isOver } from '../../model/status';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorNotice, Note } from '../../ui/Notice';
import { SplitPane } from '../../ui/SplitPane';
import { RunPanel } from './RunPanel';
import { SignNotices } from './SignNotices';
import { SpanPanel } from './SpanPanel';
import { SpanTreeView } from './SpanTreeView';
import { TraceHeader, TraceHeaderSkeleton } from './TraceHeader';
import { TraceSkeleton } from './TraceSkeleton';
import styles from './TracePage.module.css';
import { parseTraceSearch, unknownOfTrace } from './url';
import type { SearchTexts } from '../../model/searchTexts';

interface TracePageProps {
  readonly traceId: string;
  readonly search: SearchTexts;
  readonly onSearchChange: (change: SearchTexts) => void;
}

/** Another run is another page: nothing of the one before stays. */
export function TracePage() {
  const { traceId = '' } = useParams({ strict: false });
  return <OneTrace key={traceId} traceId={traceId} />;
}

function OneTrace({ traceId }: { readonly traceId: string }) {
  const { search, change, hold } = useAddress();
  const { query, feed } = useLiveTrace(traceId, hold);
  const props: TracePageProps = { traceId, search, onSearchChange: change };
  const view = query.data;
  const retry = (): void => void query.refetch();
  const error = query.isError ? (
    <ErrorNotice message={`Cannot load this run: ${query.error.message}`} onRetry={retry} />
  ) : undefined;
  if (view === undefined) {
    const isUnknown = query.error instanceof ApiError && query.error.status === 404;
    const title = isUnknown ? 'No such run' : 'Run';
    return (
      <div className={styles.page}>
        <TraceHeaderSkeleton
          traceId={props.traceId}
          title={title}
          isLoading={error === undefined}
        />
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
      <AddressNotes {...props} view={view} />
      <TraceBody {...props} view={view} />
    </div>
  );
}

function UnknownTrace(props: { readonly onRetry: () => void }) {
  return (
    <EmptyState title="There is no run with this id">
      <p>It may not have arrived yet, or its day may have been deleted by retention.</p>
      <p className={styles.choices}>
        <Button onClick={props.onRetry}>Look again</Button>
        <Link to="/">All runs</Link>
      </p>
    </EmptyState>
  );
}

/** What the address asks for and the page cannot show. */
function AddressNotes(props: TracePageProps & { readonly view: TraceView }) {
  const { search, onSearchChange, view } = props;
  const unknown = unknownOfTrace(search);
  const { span } = parseTraceSearch(search);
  const isSpanMissing = span !== undefined && !view.tree.indexById.has(span);
  return (
    <>
      {unknown.length > 0 && (
        <Note testId="address-note">
          This address asks for <code>{unknown.join(' ')}</code>, which means nothing here.
        </Note>
      )}
      {isSpanMissing && (
        <Note
          testId="span-missing"
          action={
            <Button fit="small" onClick={() => onSearchChange({ span: undefined })}>
              Show the run
            </Button>
          }
        >
          This run has no span <code>{span}</code>
          {isOver(view.run.status) ? '.' : ' yet; it is shown as soon as it arrives.'}
        </Note>
      )}
    </>
  );
}

function TraceBody(props: TracePageProps & { readonly view: TraceView }) {
  const { view, onSearchChange } = props;
  const search = parseTraceSearch(props.search);
  const { trace, run, tree, live } = view;
  const signs = useMemo(() => signsBySpan(run.signs), [run.signs]);
  const errors = useMemo(() => errorsFromCause(tree), [tree]);
  const index = search.span === undefined ? undefined : tree.indexById.get(search.span);
  const node = index === undefined ? undefined : tree.nodes[index];
  return (
    <SplitPane
      sideLabel="details"
      isSideOpen={node !== undefined}
      main={
        <SpanTreeView
          tree={tree}
          signs={signs}
          errors={errors}
          selectedId={search.span}
          find={search.find ?? ''}
          onSelect={(span) => onSearchChange({ span })}
          onFind={(find) => onSearchChange({ find: find === '' ? undefined : find })}
        />
      }
      side={
        node === undefined ? (
          <RunPanel
            trace={trace}
            run={run}
            repeated={live.repeated}
            cause={run.status === 'failed' ? errors[0] : undefined}
            onSelect={(span) => onSearchChange({ span })}
          />
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
