// SPDX-License-Identifier: Apache-2.0
'use client';
import { useState, useSyncExternalStore } from 'react';
import { systemClock } from './clock.js';
import type { Fetch } from './http.js';
import {
  type ConnectionPorts,
  type ConnectionTiming,
  IDLE,
  type LiveConnection,
  type LiveState,
  type SocketConstructor,
} from './LiveConnection.js';

export interface LiveOptions {
  /** Where the server is; default: the origin of the page. */
  readonly baseUrl?: string | undefined;
  /** False: stay away from the server for now. Default: true. */
  readonly enabled?: boolean | undefined;
  /** Never open a WebSocket, only poll. Read once, when the component mounts. */
  readonly transport?: 'auto' | 'polling' | undefined;
  /** Intervals and time limits other than the defaults. Read once, when the component mounts. */
  readonly timing?: Partial<ConnectionTiming> | undefined;
  /** Stands in for the global `fetch`. Read once, when the component mounts. */
  readonly fetch?: Fetch | undefined;
  /** Stands in for the global `WebSocket`. Read once, when the component mounts. */
  readonly WebSocket?: SocketConstructor | undefined;
}

/** What a hook of this package answers besides the value. */
export interface LiveResult {
  /** The WebSocket is open. */
  readonly isConnected: boolean;
  /** The values come by polling, because the WebSocket cannot be opened. */
  readonly isPolling: boolean;
  /** Why the values may be out of date or are absent; undefined while they are fresh. */
  readonly error: string | undefined;
  /** Starts anew, also after an end or an error. The same function in every render. */
  readonly reconnect: () => void;
}

export interface Surroundings extends ConnectionPorts {
  readonly fetch: Fetch;
  readonly timing: Partial<ConnectionTiming>;
}

/** The options that must not change while mounted; an inline function would be new in each render. */
export function useSurroundings(options: LiveOptions): Surroundings {
  const [surroundings] = useState(() => ({
    clock: systemClock,
    WebSocket:
      options.transport === 'polling' ? undefined : (options.WebSocket ?? globalThis.WebSocket),
    fetch: options.fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init)),
    timing: options.timing ?? {},
  }));
  return surroundings;
}

const nothing = (): void => undefined;
const idle = (): LiveState<never> => IDLE;
const listenToNothing = (): (() => void) => nothing;

/** Follows the connection while the component is mounted; on a server, it only answers `IDLE`. */
export function useConnection<T>(
  connection: LiveConnection<T> | undefined,
): LiveResult & { readonly value: T | undefined } {
  const state: LiveState<T> = useSyncExternalStore<LiveState<T>>(
    connection?.subscribe ?? listenToNothing,
    connection?.getState ?? idle,
    idle,
  );
  return { ...state, reconnect: connection?.reconnect ?? nothing };
}
