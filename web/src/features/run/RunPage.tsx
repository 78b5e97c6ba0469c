// SPDX-License-Identifier: Apache-2.0

import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { ApiError } from '../../api/httpClient';
import { useLiveTrace } from '../../api/useLiveTrace';
import { formatCount } from '../../base/format';
import type { TraceView } from '../../model/liveTrace';
import { signsBySpan } from '../../model/sign';
import { isOver } from '../../model/status';
import { TextModeContext } from '../../parts/textMode';
import type { TextMode } from '../../parts/textMode';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorNotice, Note } from '../../ui/Notice';
import { SplitPane } from '../../ui/SplitPane';
import { CauseBanner } from './CauseBanner';
import { RunHeader, RunHeaderSkeleton } from './RunHeader';
import { RunPanel } from './RunPanel';
import { RunSkeleton } from './RunSkeleton';
import { RunViews } from './RunViews';
import { SignNotices } from './SignNotices';
import { SpanPanel } from './SpanPanel';
import styles from './RunPage.module.css';
import { unknownOfRun } from './url';
import { useRunState } from './useRunState';
import type { RunState } from './useRunState';

/** Another run is another page: nothing of the one before stays. */
export function RunPage() {
  const { traceId = '' } = useParams({ strict: false });
  return <OneRun key={traceId} traceId={traceId} />;
}

function OneRun({ traceId }: { readonly traceId: string }) {
  const { hold } = useAddress();
  const { query, feed } = useLiveTrace(traceId, hold);
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
        <RunHeaderSkeleton traceId={traceId} title={title} isLoading={error === undefined} />
        {isUnknown ? <UnknownRun onRetry={retry} /> : (error ?? <RunSkeleton />)}
      </div>
    );
  }
  return (
    <div className={styles.page}>
      <RunHeader view={view} feed={feed} />
      {error}
      <LoadingNote view={view} isLoading={query.isFetching} />
      <RunBody view={view} traceId={traceId} />
    </div>
  );
}

/** Sums and the end of the tree are not what they will be while rows are still on their way. */
function LoadingNote(props: { readonly view: TraceView; readonly isLoading: boolean }) {
  const { rows, total } = props.view.loaded;
  if (rows >= total || !props.isLoading) return undefined;
  return (
    <Note testId="rows-loading">
      {formatCount(rows)} of {formatCount(total)} spans so far…
    </Note>
  );
}

function UnknownRun(props: { readonly onRetry: () => void }) {
  return (
    <EmptyState title="There is no run with this id">
      <p>It may not have arrived yet, or its day may have been deleted by retention.</p>
      <p className={styles.choices}>
        <Button onClick={props.onRetry}>Look again</Button>
        <Link to="/runs">All runs</Link>
      </p>
    </EmptyState>
  );
}

/** What the address asks for and the page cannot show. */
function AddressNotes({ state }: { readonly state: RunState }) {
  const { search } = useAddress();
  const unknown = unknownOfRun(search);
  const { span } = state.search;
  const { rows, total } = state.view.loaded;
  const isSpanMissing = span !== undefined && state.selected === undefined && rows >= total;
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
            <Button fit="small" onClick={() => state.select(undefined)}>
              Show the run
            </Button>
          }
        >
          This run has no span <code>{span}</code>
          {isOver(state.view.run.status) ? '.' : ' yet; it is shown as soon as it arrives.'}
        </Note>
      )}
    </>
  );
}

function RunBody(props: { readonly view: TraceView; readonly traceId: string }) {
  const { view, traceId } = props;
  const state = useRunState(view);
  const [mode, setMode] = useState<TextMode>('shown');
  const { run } = view;
  const signs = useMemo(() => signsBySpan(run.signs), [run.signs]);
  return (
    <TextModeContext value={mode}>
      <CauseBanner state={state} />
      <SignNotices signs={run.signs} onSelect={state.select} />
      <AddressNotes state={state} />
      <SplitPane
        sideLabel="details"
        isSideOpen={state.selected !== undefined}
        main={<RunViews state={state} traceId={traceId} signs={signs} />}
        side={
          state.selected === undefined ? (
            <RunPanel state={state} />
          ) : (
            <SpanPanel
              key={state.selected.span.id}
              state={state}
              node={state.selected}
              traceId={traceId}
              mode={mode}
              onMode={setMode}
            />
          )
        }
      />
    </TextModeContext>
  );
}
