// SPDX-License-Identifier: Apache-2.0
// The only way from a page to a live feed. The feed says that something has changed, and what the page
// shows is then read; while the feed is interrupted it is read at intervals instead.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { JsonObject } from '../base/json';
import { Refresher } from '../base/refresher';
import type { Hold, LiveFeed, SocketStatus } from '../model/feedState';
import { FeedSocket } from './feedSocket';
import type { Connection, ConnectionEvents } from './feedSocket';
import { usePause } from './usePause';

const bundleMs = 250;
/** Without a feed nobody knows whether there is anything new, so it is asked for less often. */
const pollingFactor = 2;

export interface LiveFeedOptions {
  readonly path: string;
  readonly hold: Hold;
  /** False until it is known that there is something to follow. */
  readonly isWanted: boolean;
  /** True once what is shown cannot change any more. */
  readonly isSettled: boolean;
  /** True once what is shown has ended. */
  readonly isOver: boolean;
  readonly hasFailed: boolean;
  readonly hasData: boolean;
  /** The least time between the end of one refresh and the next. */
  readonly intervalMs: number;
  /** Answers whether it has brought what was asked for; never rejects. */
  readonly refresh: (isPolling: boolean) => Promise<boolean>;
  readonly onMessage: (message: JsonObject, requestRefresh: () => void) => void;
}

/** A WebSocket to the server that the page came from. */
function connectTo(path: string, events: ConnectionEvents): Connection {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.addEventListener('message', (event: MessageEvent<unknown>) =>
    events.onMessage(event.data),
  );
  socket.addEventListener('close', events.onClose);
  return { send: (text) => socket.send(text), close: () => socket.close() };
}

export function useLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { path, isWanted, isSettled, isOver, hasFailed, hasData } = options;
  const { isPaused, isPausedByUser, togglePause } = usePause(options.hold);
  const [socket, setSocket] = useState<SocketStatus>('off');
  const latest = useRef(options);
  const refresher = useRef<Refresher>(undefined);
  useEffect(() => {
    latest.current = options;
  });
  const isActive = isWanted && !isPaused && !isSettled;
  useEffect(() => {
    if (!isActive) return undefined;
    let isPolling = false;
    const current = new Refresher({
      refresh: () => latest.current.refresh(isPolling),
      intervalMs: () => latest.current.intervalMs * (isPolling ? pollingFactor : 1),
      bundleMs,
    });
    const feed = new FeedSocket({
      connect: (events) => connectTo(path, events),
      onStatus: (status) => {
        isPolling = status === 'retrying';
        current.setPolling(isPolling);
        setSocket(status);
      },
      onMessage: (message) => latest.current.onMessage(message, () => current.request()),
      random: Math.random,
    });
    refresher.current = current;
    feed.start();
    return () => {
      feed.stop();
      current.stop();
      refresher.current = undefined;
    };
  }, [path, isActive]);
  return {
    facts: { isPaused, isSettled, isOver, hasFailed, hasData, socket },
    waitingSince: useCallback(() => refresher.current?.waitingSince, []),
    isPausedByUser,
    togglePause,
  };
}
