// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.js';
import { type Feed, type Reading, RefusedError } from './feed.js';
import { type RetryTiming, retryDelay } from './retryDelay.js';

export interface LiveState<T> {
  /** The newest value, kept while the connection is down; undefined before the first. */
  readonly value: T | undefined;
  /** The socket is open. */
  readonly isConnected: boolean;
  /** The value is being fetched over HTTP, because the socket does not open. */
  readonly isPolling: boolean;
  /** Why the value may be out of date; undefined while it is fresh. */
  readonly error: string | undefined;
}

/** The state before anything has happened: the same object for every connection. */
export const IDLE: LiveState<never> = {
  value: undefined,
  isConnected: false,
  isPolling: false,
  error: undefined,
};

export interface ConnectionTiming extends RetryTiming {
  readonly pingIntervalMs: number;
  readonly pollIntervalMs: number;
  /** For opening, for the answer to a ping, and for the server's close after the last value. */
  readonly answerTimeoutMs: number;
}

export const DEFAULT_TIMING: ConnectionTiming = {
  firstDelayMs: 500,
  maxDelayMs: 30_000,
  pingIntervalMs: 30_000,
  pollIntervalMs: 5_000,
  answerTimeoutMs: 10_000,
};

export type SocketConstructor = new (url: string) => WebSocket;

export interface ConnectionPorts {
  readonly clock: Clock;
  /** Undefined where there are no WebSockets: then the connection polls. */
  readonly WebSocket: SocketConstructor | undefined;
}

/** One failed attempt is a server that restarts; after two, figures come by polling meanwhile. */
const FAILURES_BEFORE_POLLING = 2;

const NORMAL_CLOSURE = 1000;
const POLICY_VIOLATION = 1008;

const nothing = (): void => undefined;

/**
 * Keeps one value of the server up to date: over a WebSocket that is opened again whenever it
 * breaks, and by polling while it cannot be opened.
 *
 * It knows neither React nor what the value means. It works only while somebody listens: the first
 * `subscribe` opens, the last unsubscribe closes, and that may happen any number of times. It ends by
 * itself when the feed calls a value final, or the server refuses (close code 1008, or a
 * {@link RefusedError}); only `reconnect` starts it again after that.
 */
export class LiveConnection<T> {
  readonly #feed: Feed<T>;
  readonly #ports: ConnectionPorts;
  readonly #timing: ConnectionTiming;
  readonly #listeners = new Set<() => void>();

  #state: LiveState<T> = IDLE;
  #isDone = false;
  /** Attempts that brought no message, in a row. */
  #failures = 0;
  /** What the server said was wrong, on the socket that is open. */
  #problem: string | undefined;

  #socket: WebSocket | undefined;
  #cancelOpening = nothing;
  #cancelPing = nothing;
  #cancelDeadline = nothing;
  #polling: AbortController | undefined;
  #cancelPoll = nothing;

  constructor(feed: Feed<T>, ports: ConnectionPorts, timing: Partial<ConnectionTiming> = {}) {
    this.#feed = feed;
    this.#ports = ports;
    this.#timing = { ...DEFAULT_TIMING, ...timing };
  }

  /** A new object after every change, and only then. */
  readonly getState = (): LiveState<T> => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    // Not at once: React's StrictMode mounts, unmounts and mounts again, which is to open one socket.
    if (this.#listeners.size === 1 && !this.#isDone) this.#openAfter(0);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#stop();
    };
  };

  /** Starts anew, also after the end. Does nothing while nobody listens. */
  readonly reconnect = (): void => {
    if (this.#listeners.size === 0) return;
    this.#stop();
    this.#isDone = false;
    this.#failures = 0;
    this.#update({ error: undefined });
    this.#openAfter(0);
  };

  #update(change: Partial<LiveState<T>>): void {
    const next = { ...this.#state, ...change };
    const keys = Object.keys(change) as (keyof LiveState<T>)[];
    if (keys.every((key) => Object.is(next[key], this.#state[key]))) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  #stop(): void {
    this.#cancelOpening();
    this.#closeSocket();
    this.#stopPolling();
    this.#update({ isConnected: false });
  }

  #end(error: string | undefined): void {
    this.#isDone = true;
    this.#stop();
    this.#update({ error });
  }

  // The socket.

  #openAfter(delayMs: number): void {
    this.#cancelOpening();
    this.#cancelOpening = this.#ports.clock.schedule(() => {
      this.#open();
    }, delayMs);
  }

  #open(): void {
    const { WebSocket: Socket } = this.#ports;
    if (Socket === undefined) {
      this.#startPolling();
      return;
    }
    let socket: WebSocket;
    try {
      socket = new Socket(this.#feed.socketUrl());
    } catch (error) {
      this.#retry(`cannot open a WebSocket: ${messageOf(error)}`);
      return;
    }
    this.#socket = socket;
    this.#problem = undefined;
    this.#expectAnswer('the server does not answer');
    socket.onopen = () => {
      this.#cancelDeadline();
      this.#update({ isConnected: true });
      this.#stopPolling();
      this.#pingLater(socket);
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      this.#onMessage(event.data);
    };
    socket.onclose = (event) => {
      this.#onClose(event.code, event.reason);
    };
    // A close event follows, and says all that a page may know.
    socket.onerror = nothing;
  }

  #onMessage(data: unknown): void {
    if (!this.#hasFinalValue()) this.#cancelDeadline();
    const reading = this.#read(data);
    switch (reading.kind) {
      case 'other':
        return;
      case 'problem':
        this.#problem = reading.message;
        this.#update({ error: reading.message });
        return;
      case 'value':
        this.#failures = 0;
        this.#update({ value: reading.value, error: undefined });
        if (this.#feed.isFinal(reading.value)) {
          this.#cancelPing();
          this.#expectAnswer('the server does not close');
        }
    }
  }

  #read(data: unknown): Reading<T> {
    try {
      return this.#feed.read(JSON.parse(String(data)));
    } catch (error) {
      return { kind: 'problem', message: `cannot read a message: ${messageOf(error)}` };
    }
  }

  #onClose(code: number, reason: string): void {
    this.#closeSocket();
    if (code === POLICY_VIOLATION) {
      this.#end(this.#problem ?? (reason || 'refused by the server'));
    } else if (this.#hasFinalValue()) {
      this.#end(undefined);
    } else {
      this.#retry(`the connection was lost (${reason || `code ${code}`})`);
    }
  }

  #retry(reason: string): void {
    this.#failures += 1;
    if (this.#polling === undefined) this.#update({ isConnected: false, error: reason });
    if (this.#failures >= FAILURES_BEFORE_POLLING) this.#startPolling();
    this.#openAfter(retryDelay(this.#failures, this.#ports.clock.random(), this.#timing));
  }

  #pingLater(socket: WebSocket): void {
    this.#cancelPing = this.#ports.clock.schedule(() => {
      socket.send('{"type":"ping"}');
      this.#expectAnswer('the server does not answer');
      this.#pingLater(socket);
    }, this.#timing.pingIntervalMs);
  }

  /** Gives the socket up unless something comes in time: a dead network does not close it. */
  #expectAnswer(complaint: string): void {
    this.#cancelDeadline();
    this.#cancelDeadline = this.#ports.clock.schedule(() => {
      this.#onClose(NORMAL_CLOSURE, complaint);
    }, this.#timing.answerTimeoutMs);
  }

  #closeSocket(): void {
    this.#cancelPing();
    this.#cancelDeadline();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(NORMAL_CLOSURE);
  }

  #hasFinalValue(): boolean {
    const { value } = this.#state;
    return value !== undefined && this.#feed.isFinal(value);
  }

  // Polling.

  #startPolling(): void {
    if (this.#polling !== undefined) return;
    const polling = new AbortController();
    this.#polling = polling;
    this.#update({ isPolling: true });
    void this.#poll(polling.signal);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    try {
      const value = await this.#feed.poll(signal);
      if (signal.aborted) return;
      this.#update(value === undefined ? { error: undefined } : { value, error: undefined });
      if (this.#hasFinalValue()) {
        this.#end(undefined);
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RefusedError) {
        this.#end(error.message);
        return;
      }
      this.#update({ error: messageOf(error) });
    }
    this.#cancelPoll = this.#ports.clock.schedule(() => {
      void this.#poll(signal);
    }, this.#timing.pollIntervalMs);
  }

  #stopPolling(): void {
    this.#cancelPoll();
    this.#polling?.abort();
    this.#polling = undefined;
    this.#update({ isPolling: false });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
