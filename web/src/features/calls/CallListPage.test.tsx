// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draw, soon } from '../../parts/drawForTesting';
import { CallListPage } from './CallListPage';

function span(index: number, change: object = {}) {
  return {
    trace_id: String(index).padStart(32, '0'),
    span_id: String(index).padStart(16, '0'),
    kind: 'llm',
    step_name: `chat ${index}`,
    status: 'completed',
    start_time: '2026-03-01T12:00:00Z',
    duration: 1.5,
    workflow_id: 'flow',
    agent: 'coder',
    model: 'acme/m-1',
    service: null,
    session_id: null,
    user_id: null,
    error_type: null,
    input_tokens: 100,
    cache_read_tokens: 40,
    cache_write_tokens: 0,
    output_tokens: 20,
    reasoning_tokens: 0,
    cost: 0.25,
    ...change,
  };
}

const page = (...spans: readonly object[]) => ({ spans, next_cursor: null });
const askedOf = (path: string) => new URL(path, 'http://localhost').searchParams;

/** Answers the list of calls; nothing else is there. */
function listOnly(spans: (asked: URLSearchParams) => unknown) {
  return ({ path }: { readonly path: string }) =>
    path.startsWith('/api/v1/observability/spans?') ? spans(askedOf(path)) : undefined;
}

describe('the list of calls', () => {
  it('has calls of models with what is known of them', async () => {
    const drawn = draw(
      <CallListPage />,
      '/calls',
      listOnly(() => page(span(1), span(2, { cost: null, input_tokens: 0, output_tokens: 0 }))),
    );
    await soon(() => expect(drawn.text()).toContain('2 calls'));
    const asked = askedOf(drawn.asked[0]?.path ?? '');
    expect(asked.get('kind')).toBe('llm');
    expect(asked.get('sort')).toBe('-start');
    expect(drawn.box.querySelector('caption')?.textContent).toBe('Calls, newest first');
  });

  it('lists calls of tools at one click', async () => {
    const drawn = draw(
      <CallListPage />,
      '/calls?agent=coder',
      listOnly(() => page(span(1))),
    );
    await soon(() => expect(drawn.text()).toContain('1 call'));
    drawn.button('Tool calls').click();
    await soon(() => expect(drawn.search()).toEqual({ agent: 'coder', kind: 'tool' }));
    await soon(() => expect(askedOf(drawn.asked.at(-1)?.path ?? '').get('kind')).toBe('tool'));
    expect(askedOf(drawn.asked.at(-1)?.path ?? '').get('agent')).toBe('coder');
  });

  it('is sorted by its heads, and the address says so', async () => {
    const drawn = draw(
      <CallListPage />,
      '/calls',
      listOnly(() => page(span(1))),
    );
    await soon(() => expect(drawn.text()).toContain('1 call'));
    drawn.button('Duration').click();
    await soon(() => expect(drawn.search()).toEqual({ sort: '-duration' }));
    await soon(() => expect(askedOf(drawn.asked.at(-1)?.path ?? '').get('sort')).toBe('-duration'));
    const head = () => drawn.button('Duration').closest('th');
    expect(head()?.getAttribute('aria-sort')).toBe('descending');
    drawn.button('Duration').click();
    await soon(() => expect(drawn.search()).toEqual({ sort: 'duration' }));
    expect(head()?.getAttribute('aria-sort')).toBe('ascending');
  });

  it('says which kind and order it does not know', async () => {
    const drawn = draw(<CallListPage />, '/calls?kind=thought&sort=luck', () => undefined);
    await soon(() => expect(drawn.text()).toContain('kind=thought'));
    expect(drawn.text()).toContain('sort=luck');
    expect(drawn.asked).toEqual([]);
  });

  it('finds the provider of a model that came from the list of runs', async () => {
    const drawn = draw(<CallListPage />, '/calls?model=m-1', ({ path }) =>
      path.includes('/aggregate?')
        ? {
            groups: [{ keys: { model: 'acme/m-1' }, values: { count: 1 } }],
            total_groups: 1,
            period: { start: '2026-01-01T00:00:00Z', end: '2026-03-01T00:00:00Z' },
          }
        : page(span(1)),
    );
    await soon(() => expect(drawn.asked.at(-1)?.path).toContain('/spans?'));
    expect(askedOf(drawn.asked.at(-1)?.path ?? '').get('model')).toBe('acme/m-1');
  });

  it('says that nothing matches, and takes filters away', async () => {
    const drawn = draw(
      <CallListPage />,
      '/calls?agent=nobody&t=1h',
      listOnly(() => page()),
    );
    await soon(() => expect(drawn.text()).toContain('No call matches these filters'));
    drawn.button('Clear filters').click();
    await soon(() => expect(drawn.text()).toContain('No call has ended yet'));
    expect(drawn.search()).toEqual({});
  });

  it('is refused in place, and asked for again', async () => {
    let isDown = true;
    const drawn = draw(
      <CallListPage />,
      '/calls',
      listOnly(() => (isDown ? 503 : page(span(1)))),
    );
    await soon(() => expect(drawn.text()).toContain('Cannot load calls: refused with 503'));
    isDown = false;
    drawn.button('Try again').click();
    await soon(() => expect(drawn.text()).toContain('1 call'));
  });
});
