// SPDX-License-Identifier: Apache-2.0
import { type Context, TraceFlags, context, createContextKey } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { AnySpan } from './anyMajor.js';
import { type Clock, systemClock } from './clock.js';
import { type SpanFilter, matches } from './filter.js';
import { log } from './log.js';
import { type Limits, type LiveSpanOptions, limitsOf, senderOf } from './options.js';
import { canBePending, makePendingSpan } from './pendingSpan.js';
import { resourcesOf } from './resources.js';
import { type Outcome, type Sender, reasonOf } from './sender.js';
import { type Counts, type LiveSpanStats, noCounts } from './stats.js';
import { TokenBucket } from './TokenBucket.js';

/** The key under which the SDK looks whether spans are wanted; both major versions share it. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/**
 * Shows spans when they start: sends a pending span for each that does not end at once.
 *
 * It does not send the spans themselves; a batch processor beside it does. It never throws, never
 * waits, keeps no process alive, and whatever goes wrong is counted in `stats` and reported to the
 * `diag` logger. A receiver that is down gets its spans later, if they still run then.
 */
export class LiveSpanProcessor implements SpanProcessor {
  readonly #limits: Limits;
  readonly #filter: SpanFilter;
  readonly #sender: Sender;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;

  readonly #waiting = new Map<string, AnySpan>();
  /** Those of the batch on its way that have not ended. */
  readonly #sending = new Map<string, AnySpan>();
  #batchSize = 0;
  #batch: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #failuresInARow = 0;
  #pausedUntilMs = 0;
  #shutdown: Promise<void> | undefined;
  readonly #counts: Counts = noCounts();

  /** @param clock - for tests. */
  constructor(options: LiveSpanOptions = {}, clock: Clock = systemClock) {
    this.#limits = limitsOf(options);
    this.#filter = options.filter ?? 'all';
    this.#sender = senderOf(options, clock);
    this.#clock = clock;
    const { spansPerSecond, burst } = this.#limits;
    this.#bucket = new TokenBucket(spansPerSecond, burst, clock.nowMs);
  }

  get stats(): LiveSpanStats {
    return { waiting: this.#waiting.size + this.#batchSize, ...this.#counts };
  }

  onStart(span: Span, _parentContext: Context): void {
    try {
      this.#add(span as unknown as AnySpan);
    } catch (error) {
      this.#countError(error);
    }
  }

  onEnd(span: ReadableSpan): void {
    try {
      const { spanId } = span.spanContext();
      if (this.#waiting.delete(spanId)) this.#counts.endedFirst += 1;
      else this.#sending.delete(spanId);
    } catch (error) {
      this.#countError(error);
    }
  }

  /** Sends what waits, without regard to delay and rate, until it is done or a batch fails. */
  async forceFlush(): Promise<void> {
    const releaseProcess = this.#clock.holdProcess();
    try {
      // Counted, because new spans may start all the time.
      let batches = 1 + Math.ceil(this.#waiting.size / this.#limits.maxBatchSize);
      while (batches > 0 && (this.#batch !== undefined || this.#waiting.size > 0)) {
        const failures = this.#counts.failedExports;
        await (this.#batch ?? this.#sendBatch(Infinity));
        if (this.#counts.failedExports > failures) return;
        batches -= 1;
      }
    } finally {
      releaseProcess();
    }
  }

  /** Sends what waits, once; what cannot be sent now is dropped. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#stop();
    return this.#shutdown;
  }

  async #stop(): Promise<void> {
    await this.forceFlush();
    this.#stopTimer();
    this.#counts.dropped += this.#waiting.size;
    this.#waiting.clear();
    try {
      await this.#sender.shutdown();
    } catch (error) {
      this.#countError(error);
    }
  }

  #add(span: AnySpan): void {
    const { spanId, traceFlags } = span.spanContext();
    if (this.#shutdown !== undefined || (traceFlags & TraceFlags.SAMPLED) === 0) return;
    // A batch that fails comes back, so it keeps its places.
    if (this.#waiting.size + this.#sending.size >= this.#limits.maxQueueSize) {
      this.#counts.dropped += 1;
      return;
    }
    this.#waiting.set(spanId, span);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#cancelTimer !== undefined || this.#batch !== undefined) return;
    if (this.#waiting.size === 0 || this.#shutdown !== undefined) return;
    const pauseMs = this.#pausedUntilMs - this.#clock.nowMs();
    const delayMs = Math.max(this.#limits.delayMs, this.#bucket.waitMs(), pauseMs);
    this.#cancelTimer = this.#clock.schedule(() => {
      void this.#sendBatch(this.#bucket.available());
    }, delayMs);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** @returns a promise that never rejects. */
  #sendBatch(limit: number): Promise<void> {
    this.#stopTimer();
    const spans = this.#takeBatch(Math.min(limit, this.#limits.maxBatchSize));
    this.#batchSize = spans.length;
    this.#batch = this.#deliver(spans).then((outcome) => {
      this.#batch = undefined;
      this.#settle(outcome);
      this.#schedule();
    });
    return this.#batch;
  }

  /** Looks at the spans only now: attributes that were set right after the start count. */
  #takeBatch(limit: number): AnySpan[] {
    const batch: AnySpan[] = [];
    for (const [id, span] of this.#waiting) {
      if (batch.length >= limit) break;
      this.#waiting.delete(id);
      try {
        if (!canBePending(span) || !matches(this.#filter, span)) {
          this.#counts.filtered += 1;
          continue;
        }
        const pending = makePendingSpan(span, this.#limits.maxAttributeLength);
        this.#counts.omittedAttributes += pending.omittedAttributes;
        this.#sending.set(id, span);
        batch.push(pending.span);
      } catch (error) {
        this.#counts.filtered += 1;
        this.#countError(error);
      }
    }
    this.#bucket.take(Math.min(batch.length, this.#bucket.available()));
    return batch;
  }

  async #deliver(spans: readonly AnySpan[]): Promise<Outcome> {
    if (spans.length === 0) return { kind: 'accepted', rejected: 0 };
    const { exportTimeoutMs } = this.#limits;
    try {
      await resourcesOf(spans, exportTimeoutMs, this.#clock);
      const quiet = context.active().setValue(SUPPRESS_TRACING, true);
      return await context.with(quiet, () => this.#sender.send(spans, exportTimeoutMs));
    } catch (error) {
      return { kind: 'refused', reason: reasonOf(error) };
    }
  }

  #settle(outcome: Outcome): void {
    const size = this.#batchSize;
    this.#batchSize = 0;
    switch (outcome.kind) {
      case 'accepted':
        this.#counts.sent += size - Math.min(size, outcome.rejected);
        this.#counts.rejected += Math.min(size, outcome.rejected);
        if (size > 0) this.#failuresInARow = 0;
        break;
      case 'refused':
        this.#counts.rejected += size;
        this.#pause(outcome.reason, 0);
        break;
      case 'unavailable':
        this.#counts.endedFirst += size - this.#sending.size;
        this.#putBack();
        this.#pause(outcome.reason, outcome.retryAfterMs ?? 0);
    }
    this.#sending.clear();
  }

  /** Before the others: these have run for longer. */
  #putBack(): void {
    const later = [...this.#waiting];
    this.#waiting.clear();
    for (const [id, span] of [...this.#sending, ...later]) this.#waiting.set(id, span);
  }

  #pause(reason: string, atLeastMs: number): void {
    log(this.#failuresInARow === 0 ? 'warn' : 'debug', `cannot send pending spans: ${reason}`);
    const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failuresInARow);
    this.#failuresInARow += 1;
    this.#pausedUntilMs = this.#clock.nowMs() + Math.max(pauseMs, atLeastMs);
    this.#counts.failedExports += 1;
    this.#counts.lastError = reason;
  }

  #countError(error: unknown): void {
    this.#counts.errors += 1;
    this.#counts.lastError = reasonOf(error);
    log('debug', reasonOf(error));
  }
}
