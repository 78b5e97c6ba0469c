// SPDX-License-Identifier: Apache-2.0

/** Whoever fails is not asked again at once. */
const retryMs = 2000;

/** The pause after a refresh: never more than a fifth of the time is spent on refreshing. */
export function refreshDelay(intervalMs: number, lastDurationMs: number): number {
  return Math.max(intervalMs, lastDurationMs * 4);
}

export interface RefresherOptions {
  /** Answers whether it has brought what was asked for; never rejects. */
  readonly refresh: () => Promise<boolean>;
  /** The least pause after a refresh. */
  readonly intervalMs: () => number;
  /** What is asked for within so long is answered together. */
  readonly bundleMs: number;
}

/**
 * Runs one refresh at a time: soon after it is asked to and, while it polls, without being asked. What is
 * asked for during a refresh, or by one that failed, is a reason for another one.
 */
export class Refresher {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = false;
  private isPolling = false;
  private isStopped = false;
  private notBefore = 0;
  private askedAt: number | undefined;
  private servedAskedAt: number | undefined;

  constructor(private readonly options: RefresherOptions) {}

  /** Since when, in milliseconds since 1970, news are waited for; undefined while none are. */
  get waitingSince(): number | undefined {
    return this.servedAskedAt ?? this.askedAt;
  }

  request(): void {
    this.askedAt ??= Date.now();
    this.schedule();
  }

  setPolling(isPolling: boolean): void {
    this.isPolling = isPolling;
    if (isPolling) this.schedule();
  }

  /** For good. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.isStopped || this.isRunning || this.timer !== undefined) return;
    const delay = Math.max(this.options.bundleMs, this.notBefore - performance.now());
    this.timer = setTimeout(() => void this.run(), delay);
  }

  private async run(): Promise<void> {
    const startedAt = performance.now();
    this.timer = undefined;
    this.isRunning = true;
    this.servedAskedAt = this.askedAt ?? Date.now();
    this.askedAt = undefined;
    const hasSucceeded = await this.options.refresh();
    if (!hasSucceeded) this.askedAt = this.servedAskedAt;
    this.servedAskedAt = undefined;
    this.isRunning = false;
    const endedAt = performance.now();
    const interval = Math.max(this.options.intervalMs(), hasSucceeded ? 0 : retryMs);
    this.notBefore = endedAt + refreshDelay(interval, endedAt - startedAt);
    if (this.isPolling || this.askedAt !== undefined) this.schedule();
  }
}
