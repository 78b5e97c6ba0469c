// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import { useFacets } from '../../api/facetQueries';
import type { RunFilter } from '../../model/filterFields';
import type { SearchTexts } from '../../model/searchTexts';
import { draw, soon } from '../../parts/drawForTesting';
import { FacetPanel } from './FacetPanel';

const count = (value: string, runs: number, failed = 0) => ({ value, count: runs, failed });

function answerOf(path: string, values: Readonly<Record<string, readonly object[]>>) {
  const fields = new URL(path, 'http://localhost').searchParams.get('fields') ?? '';
  return {
    of: 'runs',
    period: {},
    facets: fields.split(',').map((field) => {
      const here = values[field] ?? [];
      return { field, total_values: here.length, values: here };
    }),
  };
}

function Panel(props: {
  readonly filter: RunFilter;
  readonly onChange: (change: SearchTexts) => void;
}) {
  return <FacetPanel {...props} query={useFacets(props.filter, true, true)} />;
}

const values = {
  status: [count('completed', 12), count('failed', 3, 3)],
  agent: [count('helper', 9, 2), count('', 6)],
  model: [count('openai/gpt', 7), count('azure/gpt', 1)],
};

describe('facets of runs', () => {
  it('count values and turn a filter on and off', async () => {
    const onChange = vi.fn();
    const drawn = draw(<Panel filter={{}} onChange={onChange} />, '/runs', ({ path }) =>
      answerOf(path, values),
    );
    await soon(() => expect(drawn.text()).toContain('helper'));
    expect(drawn.button('gpt').textContent).toBe('gpt8');
    drawn.button('failed').click();
    expect(onChange).toHaveBeenLastCalledWith({ status: 'failed' });
    drawn.draw(<Panel filter={{ status: 'failed' }} onChange={onChange} />);
    await soon(() => expect(drawn.button('failed').getAttribute('aria-pressed')).toBe('true'));
    drawn.button('failed').click();
    expect(onChange).toHaveBeenLastCalledWith({ status: undefined });
  });

  it('count the field that is filtered by without its own filter', async () => {
    const drawn = draw(
      <Panel filter={{ status: 'failed', t: '1h' }} onChange={vi.fn()} />,
      '/runs',
      ({ path }) => answerOf(path, values),
    );
    await soon(() => expect(drawn.asked).toHaveLength(3));
    const ofStatus = drawn.asked.find(({ path }) => path.includes('fields=status'));
    expect(ofStatus?.path).not.toContain('status=failed');
    const others = drawn.asked.find(({ path }) => path.includes('fields=workflow_id'));
    expect(others?.path).toContain('status=failed');
    expect(others?.path).not.toContain('days=');
  });

  it('offer no way to runs without a value, which no filter finds', async () => {
    const drawn = draw(<Panel filter={{}} onChange={vi.fn()} />, '/runs', ({ path }) =>
      answerOf(path, values),
    );
    await soon(() => expect(drawn.text()).toContain('helper'));
    const agents = drawn.box.querySelector('section[aria-label=Agent]');
    expect(agents?.querySelectorAll('li')).toHaveLength(2);
    expect(agents?.querySelectorAll('button')).toHaveLength(1);
  });

  it('say which filters they do not follow', async () => {
    const drawn = draw(<Panel filter={{ q: 'refund' }} onChange={vi.fn()} />, '/runs', () => []);
    await soon(() => expect(drawn.text()).toContain('Counted without “refund”'));
  });

  it('keep a chosen value that no run has', async () => {
    const filter = { agent: 'nobody' };
    const drawn = draw(<Panel filter={filter} onChange={vi.fn()} />, '/runs', ({ path }) =>
      answerOf(path, values),
    );
    await soon(() => expect(drawn.button('nobody').textContent).toBe('nobody0'));
  });

  it('are refused in place, and asked for again', async () => {
    let isDown = true;
    let refuse: (status: number) => void = () => undefined;
    const refusal = new Promise<number>((resolve) => {
      refuse = resolve;
    });
    const drawn = draw(<Panel filter={{}} onChange={vi.fn()} />, '/runs', ({ path }) =>
      isDown ? refusal : answerOf(path, values),
    );
    await soon(() =>
      expect(drawn.box.querySelector('[aria-busy=true]')).toBeInstanceOf(HTMLElement),
    );
    refuse(503);
    await soon(() => expect(drawn.text()).toContain('Cannot count runs: refused with 503'));
    isDown = false;
    drawn.button('Try again').click();
    await soon(() => expect(drawn.text()).toContain('helper'));
  });

  it('move nothing while the pointer is among them', async () => {
    let counts: Readonly<Record<string, readonly object[]>> = values;
    const filter: RunFilter = {};
    const drawn = draw(<Panel filter={filter} onChange={vi.fn()} />, '/runs', ({ path }) =>
      answerOf(path, counts),
    );
    const names = () =>
      [...drawn.box.querySelectorAll('section[aria-label=Status] bdi')].map(
        (one) => one.textContent,
      );
    await soon(() => expect(names()).toEqual(['completed', 'failed']));
    const panel = drawn.box.querySelector('[data-testid=facets]');
    panel?.dispatchEvent(new MouseEvent('pointerenter'));
    counts = { status: [count('running', 30), count('failed', 20), count('completed', 12)] };
    drawn.draw(<Panel filter={{ t: '1h' }} onChange={vi.fn()} />);
    await soon(() => expect(names()).toEqual(['completed', 'failed', 'running']));
    panel?.dispatchEvent(new MouseEvent('pointerleave'));
    await soon(() => expect(names()).toEqual(['running', 'failed', 'completed']));
  });
});
