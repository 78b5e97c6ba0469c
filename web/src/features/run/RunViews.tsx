// SPDX-License-Identifier: Apache-2.0

import { lazy, Suspense, useId, useMemo, useState } from 'react';
import { hasAgentLoop } from '../../model/agentThread';
import { isOver } from '../../model/status';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { Skeleton } from '../../ui/Notice';
import { Tabs } from '../../ui/Tabs';
import { narrowQuery, useMediaQuery } from '../../ui/useMediaQuery';
import { FollowingContext } from './following';
import { LogsView } from './LogsView';
import styles from './RunPage.module.css';
import { RunToolbar } from './RunToolbar';
import { SpanTreeView } from './SpanTreeView';
import { Minimap } from './timeline/Minimap';
import { useWindowStore } from './timeline/useWindow';
import type { WindowStore } from './timeline/windowStore';
import { TranscriptView } from './transcript/TranscriptView';
import { runViews } from './url';
import type { RunView } from './url';
import type { RunState } from './useRunState';

/** Of their own files: who reads a transcript does not wait for them. */
const TimelineView = lazy(() =>
  import('./timeline/TimelineView').then((module) => ({ default: module.TimelineView })),
);
const CallsView = lazy(() =>
  import('./CallsView').then((module) => ({ default: module.CallsView })),
);

const viewLabels: Readonly<Record<RunView, string>> = {
  transcript: 'Transcript',
  tree: 'Tree',
  time: 'Timeline',
  calls: 'Calls',
  logs: 'Logs',
};

/** The view that says the most of a run, unless another one is asked for. */
function useShownView(state: RunState): RunView {
  const { tree } = state.view;
  const hasLoop = useMemo(() => hasAgentLoop(tree), [tree]);
  // Decided once: a run that is read does not turn into something else.
  const [first] = useState<RunView>(hasLoop ? 'transcript' : 'tree');
  return state.search.view ?? first;
}

function useFollowState(state: RunState) {
  const isRunning = !isOver(state.view.run.status);
  const [isWanted, setFollowing] = useState(isRunning);
  // Who looks at something does not want to be taken elsewhere.
  const isFollowing = isWanted && isRunning && state.search.span === undefined;
  return useMemo(
    () => ({ isFollowing, setFollowing, isRunning }),
    [isFollowing, setFollowing, isRunning],
  );
}

/** A command for each view. */
function useViewCommands(setView: RunState['setView']): void {
  useCommand({
    id: 'view transcript',
    title: 'Show the transcript',
    run: () => setView('transcript'),
  });
  useCommand({ id: 'view tree', title: 'Show the tree', run: () => setView('tree') });
  useCommand({ id: 'view timeline', title: 'Show the timeline', run: () => setView('time') });
  useCommand({ id: 'view calls', title: 'Show the calls', run: () => setView('calls') });
  useCommand({ id: 'view logs', title: 'Show the logs', run: () => setView('logs') });
}

const skeletonRows = [52, 34, 61, 45, 28, 57];

/** While the code of a view is on its way. */
function ViewSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true" data-testid="view-loading">
      {skeletonRows.map((width) => (
        <Skeleton key={width} width={`${width}%`} />
      ))}
      <span className="visually-hidden">Loading the view</span>
    </div>
  );
}

/** Above the views that a range of time narrows; a phone has room for it only where it is needed most. */
function RunMap(props: {
  readonly view: RunView;
  readonly state: RunState;
  readonly store: WindowStore;
}) {
  const { view, state, store } = props;
  const isNarrow = useMediaQuery(narrowQuery);
  const hasRange = state.range !== undefined;
  if (view === 'transcript' || state.scale.seconds <= 0) return undefined;
  if (isNarrow && view !== 'time' && !hasRange) return undefined;
  return <Minimap state={state} store={store} />;
}

export function RunViews(props: {
  readonly state: RunState;
  readonly traceId: string;
  readonly signs: ReadonlyMap<string, string>;
}) {
  const { state, traceId, signs } = props;
  const view = useShownView(state);
  const follow = useFollowState(state);
  const store = useWindowStore(state);
  const panelId = useId();
  const { setView } = state;
  useViewCommands(setView);
  const toggleFollow = (): void => {
    if (!follow.isFollowing) state.select(undefined);
    follow.setFollowing(!follow.isFollowing);
  };
  return (
    <FollowingContext value={follow}>
      <RunToolbar
        state={state}
        follow={
          follow.isRunning && (
            <Button
              aria-pressed={follow.isFollowing}
              title="Keep the newest step in view until you scroll"
              onClick={toggleFollow}
            >
              Follow
            </Button>
          )
        }
      >
        <Tabs
          label="Views"
          panelId={panelId}
          items={runViews.map((id) => ({ id, label: viewLabels[id] }))}
          selected={view}
          onSelect={setView}
        />
      </RunToolbar>
      <RunMap view={view} state={state} store={store} />
      <div
        id={panelId}
        className={styles.view}
        role="tabpanel"
        aria-label={viewLabels[view]}
        data-view={view}
      >
        {view === 'transcript' && <TranscriptView state={state} traceId={traceId} />}
        <Suspense fallback={<ViewSkeleton />}>
          {view === 'time' && <TimelineView state={state} store={store} />}
          {view === 'calls' && <CallsView state={state} />}
        </Suspense>
        {view === 'logs' && <LogsView state={state} traceId={traceId} />}
        {view === 'tree' && <SpanTreeView state={state} signs={signs} />}
      </div>
    </FollowingContext>
  );
}
