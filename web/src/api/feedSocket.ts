// SPDX-License-Identifier: Apache-2.0

import { backoffDelay } from '../base/backoff';
import { isObject, readText } from '../base/json';
import type { JsonObject } from '../base/json';
import type { SocketStatus } from '../model/feedState';

export interface ConnectionEvents {
  readonly onMessage: (data: unknown) => void;
  readonly onClose: () => void;
}

export interface Connection {
  readonly send: (text: string) => void;
  readonly close: () => void;
}

export interface FeedSocketParts {
  readonly connect: (events: ConnectionEvents) => Connection;
  readonly onStatus: (status: SocketStatus) => void;
  /** Every message of the feed but pongs and errors. */
  readonly onMessage: (message: JsonObject) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A browser does not say when a connection has died in silence, so after so long the server is asked. */
const pingAfterMs = 20_000;
/** How long a first message or the answer to a ping may take. */
const patienceMs = 10_000;
/** A connection that lived so long was a good one: the next failure is a first one. */
const goodAfterMs = 10_000;

function parse(data: unknown): JsonObject | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const message: unknown = JSON.parse(data);
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** One feed of the server, kept open until it is stopped: it comes back after every failure. */
export class FeedSocket {
  private connection: Connection | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private status: SocketStatus = 'off';
  private attempts = 0;
  private openedAt: number | undefined;

  constructor(private readonly parts: FeedSocketParts) {}

  start(): void {
    if (this.status !== 'off') return;
    this.setStatus('connecting');
    this.connect();
  }

  stop(): void {
    this.drop();
    this.setStatus('off');
  }

  private connect(): void {
    // Events of a connection that was given up are not heard any more.
    const isCurrent = (): boolean => this.connection === connection;
    const connection: Connection = this.parts.connect({
      onMessage: (data) => isCurrent() && this.onData(data),
      onClose: () => isCurrent() && this.onDown(),
    });
    this.connection = connection;
    this.expectWithin(patienceMs, () => this.onDown());
  }

  private onData(data: unknown): void {
    const message = parse(data);
    const type = message === undefined ? undefined : readText(message, 'type');
    if (message === undefined || type === 'error') return;
    this.openedAt ??= performance.now();
    this.setStatus('open');
    this.expectWithin(pingAfterMs, () => {
      this.connection?.send('{"type":"ping"}');
      this.expectWithin(patienceMs, () => this.onDown());
    });
    if (type !== 'pong') this.parts.onMessage(message);
  }

  private onDown(): void {
    const lived = this.openedAt === undefined ? 0 : performance.now() - this.openedAt;
    this.drop();
    this.attempts = lived >= goodAfterMs ? 1 : this.attempts + 1;
    this.setStatus('retrying');
    this.expectWithin(backoffDelay(this.attempts, this.parts.random()), () => this.connect());
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.openedAt = undefined;
    const { connection } = this;
    this.connection = undefined;
    connection?.close();
  }

  /** There is one thing at a time to wait for. */
  private expectWithin(ms: number, otherwise: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(otherwise, ms);
  }

  private setStatus(status: SocketStatus): void {
    if (this.status === status) return;
    this.status = status;
    this.parts.onStatus(status);
  }
}
