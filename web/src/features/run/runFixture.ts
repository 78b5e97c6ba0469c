// SPDX-License-Identifier: Apache-2.0
// For tests of views: a run as its page knows it, drawn in a page without a server.

import { vi } from 'vitest';
import { LiveTrace } from '../../model/liveTrace';
import type { Run } from '../../model/run';
import { makeSpan } from '../../model/spanBuilder';
import type { Span } from '../../model/span';
import { makeTimeScale } from '../../model/spanLayout';
import type { Status } from '../../model/status';
import { parseRunSearch } from './url';
import type { RunState } from './useRunState';

const firstNs = 1_767_323_045_000_000_000n;

/** A span that ran from and to the given seconds of the run. */
export function ran(
  id: string,
  parentId: string | undefined,
  from: number,
  to: number | undefined,
  changes: Partial<Span> = {},
): Span {
  const at = (seconds: number): bigint => firstNs + BigInt(Math.round(seconds * 1e6)) * 1000n;
  return makeSpan(id, {
    parentId,
    startNs: at(from),
    endNs: to === undefined ? undefined : at(to),
    durationSeconds: to === undefined ? undefined : to - from,
    ...changes,
  });
}

function makeRun(spans: readonly Span[], status: Status): Run {
  return {
    traceId: 't1',
    workflowId: undefined,
    executionId: undefined,
    name: 'run',
    status,
    startNs: firstNs,
    endNs: undefined,
    durationSeconds: undefined,
    spanCount: spans.length,
    errorCount: 0,
    agent: undefined,
    service: undefined,
    sessionId: undefined,
    userId: undefined,
    models: [],
    totalTokens: undefined,
    cost: { kind: 'nothing' },
    isDemo: false,
    signs: [],
  };
}

/** The state of a page that shows the spans, with what the address asks for; its setters are watched. */
export function makeRunState(
  spans: readonly Span[],
  search: Readonly<Record<string, string>> = {},
  changes: Partial<RunState> = {},
) {
  const live = new LiveTrace(spans);
  const tree = live.tree();
  const parsed = parseRunSearch(search);
  const selectedRow = tree.indexById.get(parsed.span ?? '') ?? -1;
  return {
    view: {
      run: makeRun(spans, 'completed'),
      tree,
      live,
      loaded: { rows: spans.length, total: spans.length },
    },
    search: parsed,
    scale: makeTimeScale(spans),
    range: parsed.range,
    errors: [],
    matches: undefined,
    selected: tree.nodes[selectedRow],
    selectedRow,
    select: vi.fn<RunState['select']>(),
    setFind: vi.fn<RunState['setFind']>(),
    setView: vi.fn<RunState['setView']>(),
    setRange: vi.fn<RunState['setRange']>(),
    setCalls: vi.fn<RunState['setCalls']>(),
    setSort: vi.fn<RunState['setSort']>(),
    ...changes,
  };
}

/** Everything is so large, where a page without a screen would say that nothing has a size. */
export const screen = { width: 800, height: 400 };

/** Gives elements a size, and canvases a context that notes which texts are drawn with the next frame. */
export function giveScreen() {
  const texts: string[] = [];
  const frames: FrameRequestCallback[] = [];
  vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) => frames.push(draw));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  const context = new Proxy(
    { fillText: (text: string) => void texts.push(text), measureText: () => ({ width: 40 }) },
    {
      get: (known, name): unknown => Reflect.get(known, name) ?? (() => undefined),
      set: () => true,
    },
  );
  const { prototype } = HTMLElement;
  for (const name of ['clientWidth', 'offsetWidth'] as const)
    vi.spyOn(prototype, name, 'get').mockReturnValue(screen.width);
  for (const name of ['clientHeight', 'offsetHeight'] as const)
    vi.spyOn(prototype, name, 'get').mockReturnValue(screen.height);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(
    new DOMRect(0, 0, screen.width, screen.height),
  );
  Reflect.set(HTMLCanvasElement.prototype, 'getContext', () => context);
  Reflect.set(Element.prototype, 'setPointerCapture', () => undefined);
  const drawFrame = (): readonly string[] => {
    texts.splice(0);
    for (const draw of frames.splice(0)) draw(0);
    return texts;
  };
  return { drawFrame };
}
