// SPDX-License-Identifier: Apache-2.0

import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useTranscript } from '../../../api/runQueries';
import { plural } from '../../../base/format';
import { agentsAround, joinTranscript, topAgent } from '../../../model/transcript';
import { Button } from '../../../ui/Button';
import { EmptyState, ErrorNotice, Skeleton } from '../../../ui/Notice';
import type { useRowAnchor } from '../../../ui/useRowAnchor';
import { useRowsCommand } from '../../../ui/useRowsCommand';
import { useFollow } from '../useFollow';
import type { RunState } from '../useRunState';
import { Thread } from './Thread';
import styles from './Transcript.module.css';

function nearestSpan(target: EventTarget): string | undefined {
  if (!(target instanceof Element)) return undefined;
  // What can be pressed or opened does its own work.
  if (target.closest('a, button, summary, input, pre') !== null) return undefined;
  return target.closest('[data-span]')?.getAttribute('data-span') ?? undefined;
}

/** The run as a conversation: for each agent its task, what it said and did, and what came of it. */
export function TranscriptView(props: { readonly state: RunState; readonly traceId: string }) {
  const { state, traceId } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const query = useTranscript(traceId, state.view.run);
  const transcript = useMemo(() => joinTranscript(query.data?.pages ?? []), [query.data]);
  const { span } = state.search;
  const around = useMemo(
    () => (span === undefined ? new Set<number>() : agentsAround(transcript, span)),
    [transcript, span],
  );
  const hidden = transcript.total - transcript.entries;
  useShown(scroller, state.search.span);
  useFollow(scroller, state, () => scroller.current?.scrollHeight ?? 0);
  useRowsCommand(() => {
    const stops = scroller.current?.querySelectorAll<HTMLElement>('[data-stop]') ?? [];
    ([...stops].find((stop) => stop.dataset['stop'] === span) ?? stops[0])?.focus();
  });
  const onClick = (event: MouseEvent): void => {
    if (window.getSelection()?.isCollapsed === false) return;
    const spanId = nearestSpan(event.target);
    if (spanId !== undefined) state.select(spanId);
  };
  /** Arrow keys go from turn to turn. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const now = document.activeElement;
    if (step === 0 || !(now instanceof HTMLElement) || now.dataset['stop'] === undefined) return;
    const stops = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-stop]') ?? [])];
    const next = stops[stops.indexOf(now) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
    // Once the details are open they follow.
    const spanId = next.dataset['stop'];
    if (state.search.span !== undefined && spanId !== '') state.select(spanId);
  };
  return (
    // The buttons inside are what keys reach; a click beside them is a short cut to the same.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles.scroll}
      ref={scroller}
      onClick={onClick}
      onKeyDown={onKeyDown}
      data-testid="transcript"
    >
      {query.isError && (
        <ErrorNotice
          message={`Cannot load the transcript: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isPending && <TranscriptSkeleton />}
      {query.isSuccess && transcript.entries === 0 && (
        <EmptyState title="Nothing has been said in this run">
          <Button onClick={() => state.setView('tree')}>Show its spans</Button>
        </EmptyState>
      )}
      {transcript.entries > 0 && (
        <Thread
          state={state}
          transcript={transcript}
          around={around}
          agent={topAgent(transcript)}
        />
      )}
      {hidden > 0 && query.hasNextPage && (
        <Button
          className={styles.more}
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {query.isFetchingNextPage
            ? 'Loading…'
            : `Load more: ${plural(hidden, 'entry', 'entries')}`}
        </Button>
      )}
    </div>
  );
}

/** Scrolls to what is selected, when it is selected elsewhere. */
function useShown(scroller: ReturnType<typeof useRowAnchor>, spanId: string | undefined): void {
  useEffect(() => {
    if (spanId === undefined) return;
    const item = scroller.current?.querySelector(`[data-span="${CSS.escape(spanId)}"]`);
    item?.scrollIntoView({ block: 'nearest' });
  }, [scroller, spanId]);
}

function TranscriptSkeleton() {
  return (
    <div className={styles.thread} aria-busy="true" data-testid="transcript-loading">
      {['70%', '45%', '60%', '30%', '55%'].map((width) => (
        <div key={width} className={styles.row}>
          <span />
          <Skeleton width={width} />
          <span />
        </div>
      ))}
      <span className="visually-hidden">Loading the transcript</span>
    </div>
  );
}
