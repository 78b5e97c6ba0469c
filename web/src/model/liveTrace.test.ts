// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { growView, redraw, viewOf } from './liveTrace';
import type { TraceView } from './liveTrace';
import type { Run, Trace } from './run';
import type { Span } from './span';
import { makeSpan } from './spanBuilder';

const run: Run = {
  traceId: 't',
  name: 'run',
  status: 'running',
  cost: { kind: 'nothing' },
  service: undefined,
  models: [],
  signs: [],
  isDemo: false,
  workflowId: undefined,
  executionId: undefined,
  startNs: undefined,
  endNs: undefined,
  durationSeconds: undefined,
  spanCount: undefined,
  errorCount: undefined,
  agent: undefined,
  sessionId: undefined,
  userId: undefined,
  totalTokens: undefined,
};

const traceOf = (...spans: Span[]): Trace => ({
  run,
  spans,
  total: spans.length,
});

const fromFeed = (id: string, changes: Partial<Span> = {}): Span =>
  makeSpan(id, { knownFrom: 'feed', ...changes });

const shown = (view: TraceView) =>
  view.tree.nodes.map(({ span }) => `${span.id} ${span.knownFrom} ${span.status}`);

describe('a trace that is followed', () => {
  it('shows what was added once it is drawn', () => {
    const view = viewOf(traceOf(makeSpan('a')), 0);
    view.live.add({ at: 1, spans: [fromFeed('b', { parentId: 'a', startNs: 1n })] });
    expect(shown(view)).toEqual(['a read completed']);
    const drawn = redraw(view);
    expect(shown(drawn)).toEqual(['a read completed', 'b feed completed']);
    expect(redraw(drawn)).toBe(drawn);
  });

  it('adds to a new reading what came after it was asked for, and nothing older', () => {
    const first = viewOf(traceOf(makeSpan('a')), 0);
    first.live.add({ at: 10, spans: [fromFeed('dropped', { startNs: 1n })] });
    first.live.add({ at: 20, spans: [fromFeed('b', { startNs: 2n })] });
    first.live.add({ at: 30, spans: [fromFeed('c', { startNs: 3n })] });
    const second = viewOf(traceOf(makeSpan('a'), makeSpan('b', { startNs: 2n })), 20, first);
    expect(shown(second)).toEqual(['a read completed', 'b read completed', 'c feed completed']);
    const third = viewOf(traceOf(makeSpan('a')), 40, second);
    expect(shown(third)).toEqual(['a read completed']);
  });

  it('keeps an end that the reading did not know yet', () => {
    const running = makeSpan('a', { endNs: undefined, status: 'running' });
    const first = viewOf(traceOf(running), 0);
    first.live.add({ at: 5, spans: [fromFeed('a')] });
    expect(shown(viewOf(traceOf({ ...running }), 1, first))).toEqual(['a feed completed']);
    expect(shown(viewOf(traceOf({ ...running }), 6, first))).toEqual(['a read running']);
  });

  it('grows while it is read', () => {
    const first = viewOf({ run, spans: [makeSpan('a')], total: 3 }, 0);
    expect(first.loaded).toEqual({ rows: 1, total: 3 });
    first.live.add({ at: 5, spans: [fromFeed('c', { startNs: 3n })] });
    const second = growView(first, [
      makeSpan('b', { startNs: 2n }),
      makeSpan('c', { startNs: 3n }),
    ]);
    expect(second.loaded).toEqual({ rows: 3, total: 3 });
    expect(shown(second)).toEqual(['a read completed', 'b read completed', 'c feed completed']);
  });
});
