// SPDX-License-Identifier: Apache-2.0

import type { Run, Trace } from './run';
import type { Span } from './span';
import { SpanForest } from './spanForest';
import type { SpanTree } from './spanTree';

/** Spans that came through the feed. Times are of the page's own steady clock, in milliseconds. */
export interface Arrival {
  readonly at: number;
  readonly spans: readonly Span[];
}

/**
 * A trace that was read, and what has come since. The feed tells of a span after the server can read it:
 * what came before a reading was asked for is part of the reading, what came later may not be.
 */
export class LiveTrace {
  private readonly forest = new SpanForest();
  private readonly arrivals: Arrival[] = [];
  private readSpans = 0;

  constructor(spans: readonly Span[], arrivals: readonly Arrival[] = []) {
    this.addRead(spans);
    for (const arrival of arrivals) this.add(arrival);
  }

  /** More of the reading. */
  addRead(spans: readonly Span[]): void {
    this.readSpans += spans.length;
    for (const span of spans) this.forest.put(span);
  }

  /** How much of the reading has come. */
  get readCount(): number {
    return this.readSpans;
  }

  add(arrival: Arrival): void {
    this.arrivals.push(arrival);
    for (const span of arrival.spans) this.forest.put(span);
  }

  /** What a reading that was asked for at the given time may lack. */
  arrivalsSince(askedAt: number): readonly Arrival[] {
    return this.arrivals.filter((arrival) => arrival.at >= askedAt);
  }

  hasArrivals(): boolean {
    return this.arrivals.length > 0;
  }

  tree(): SpanTree {
    return this.forest.tree();
  }
}

/** What the page of a run shows. */
export interface TraceView {
  /** As read with the spans, or newer: of a large trace the totals are read more often. */
  readonly run: Run;
  readonly tree: SpanTree;
  /** Rows that have been read, and rows there were to read. */
  readonly loaded: { readonly rows: number; readonly total: number };
  /** Where spans are added before the next tree is drawn. */
  readonly live: LiveTrace;
}

/** The view of a trace that was asked for at `askedAt`, with what `before` has got since then. */
export function viewOf(trace: Trace, askedAt: number, before?: TraceView): TraceView {
  const live = new LiveTrace(trace.spans, before?.live.arrivalsSince(askedAt) ?? []);
  return {
    run: trace.run,
    live,
    tree: live.tree(),
    loaded: { rows: trace.spans.length, total: trace.total },
  };
}

/** The view with the next rows of the same reading. */
export function growView(view: TraceView, spans: readonly Span[]): TraceView {
  view.live.addRead(spans);
  return {
    ...view,
    tree: view.live.tree(),
    loaded: { rows: view.live.readCount, total: view.loaded.total },
  };
}

/** The view with everything that has been added to it drawn. The same object when that changes nothing. */
export function redraw(view: TraceView): TraceView {
  const tree = view.live.tree();
  return tree === view.tree ? view : { ...view, tree };
}
