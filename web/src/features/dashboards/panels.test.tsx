// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import type { Aggregate, AggregateGroup } from '../../model/aggregate';
import type { Panel, PanelKind, PanelQuery } from '../../model/dashboard';
import { emptyQuery } from '../../model/panelQuery';
import { draw, soon, type } from '../../parts/drawForTesting';
import type { Asked, Drawn } from '../../parts/drawForTesting';
import type { TrendProps } from '../../ui/trendTypes';
import { PanelForm } from './PanelForm';
import { PanelScopeContext } from './panelScope';
import { TablePanel } from './TablePanel';
import { TrendPanel } from './TrendPanel';

/** What the drawing was asked to show: there is no canvas here. */
const drawn = vi.hoisted((): { trends: TrendProps[] } => ({ trends: [] }));
vi.mock('../../ui/Trend', () => ({
  Trend: (props: TrendProps) => {
    drawn.trends.push(props);
    return <button onClick={() => props.onRange?.(60, 180)}>{props.label}</button>;
  },
}));

const minute = 60_000_000_000n;

function groupOf(
  keys: Readonly<Record<string, string>>,
  values: Readonly<Record<string, number | undefined>>,
  counts: readonly (number | undefined)[] = [],
): AggregateGroup {
  return {
    keys,
    values,
    costStatus: 'priced',
    points: counts.flatMap((count, index) =>
      count === undefined
        ? []
        : [{ timeNs: BigInt(index) * minute, values: { count }, costStatus: 'priced' as const }],
    ),
  };
}

function sumsOf(groups: readonly AggregateGroup[], totalGroups = groups.length): Aggregate {
  return { groups, totalGroups, bucketSeconds: 60, period: { startNs: 0n, endNs: 3n * minute } };
}

function panelOf(kind: PanelKind, query: Partial<PanelQuery> = {}): Panel {
  return {
    id: 'p1',
    title: 'Runs',
    kind,
    text: '',
    query: { ...emptyQuery, ...query },
    position: { x: 0, y: 0, w: 4, h: 3 },
  };
}

describe('a trend', () => {
  const query = { ...emptyQuery, by: 'status' };
  const sums = sumsOf(
    [
      groupOf({ status: 'completed' }, { count: 5 }, [2, undefined, 3]),
      groupOf({ status: 'failed' }, { count: 1 }, [undefined, 1]),
    ],
    3,
  );
  const panel = panelOf('trend', query);

  it('has a line for each group, in its colour, with 0 where nothing happened', async () => {
    const page = draw(
      <TrendPanel panel={panel} query={query} filters={{}} sums={sums} />,
      '/dashboards/1',
      () => 500,
    );
    await soon(() => expect(page.text()).toContain('2 of 3'));
    const trend = drawn.trends.at(-1);
    expect(trend?.height).toBe('fill');
    expect(trend?.times).toEqual([0, 60, 120]);
    expect(trend?.series).toEqual([
      { id: 'completed', label: 'completed', colour: 'var(--ok)', values: [2, 0, 3] },
      { id: 'failed', label: 'failed', colour: 'var(--error)', values: [0, 1, 0] },
    ]);
    expect(trend?.format(1500)).toBe('1,500');
  });

  it('chooses the time of the page', async () => {
    const chooseTime = vi.fn<(from: number, to: number) => void>();
    const scope = { time: {}, links: {}, isHeld: true, values: {}, chooseTime };
    const page = draw(
      <PanelScopeContext value={scope}>
        <TrendPanel panel={panel} query={query} filters={{}} sums={sums} />
      </PanelScopeContext>,
      '/dashboards/1',
      () => 500,
    );
    await soon(() => page.button('Runs'));
    page.button('Runs').click();
    expect(chooseTime).toHaveBeenCalledWith(60, 180);
  });
});

describe('a table', () => {
  const query = { ...emptyQuery, by: 'workflow_id', measure: 'count,cache_read_tokens,cost' };
  const sums = sumsOf([
    groupOf({ workflow_id: 'coder' }, { count: 2, cache_read_tokens: 7, cost: 0.5 }),
    groupOf({ workflow_id: '' }, { count: 9, cache_read_tokens: undefined, cost: undefined }),
  ]);

  it('has figures as narrow as they read, and the rest for the names', async () => {
    const page = draw(
      <TablePanel panel={panelOf('table', query)} query={query} filters={{}} sums={sums} />,
      '/dashboards/1',
      () => 500,
    );
    await soon(() => expect(page.box.querySelectorAll('[data-row]')).toHaveLength(2));
    const heads = [...page.box.querySelectorAll('th')];
    expect(heads.map((head) => [head.textContent, head.style.width])).toEqual([
      ['Workflow', ''],
      ['Count', '92px'],
      ['Cache read tokens', '143px'],
      ['Cost', '92px'],
    ]);
    const names = (): (string | undefined)[] =>
      [...page.box.querySelectorAll('[data-row]')].map((row) => row.children[0]?.textContent);
    expect(names()).toEqual(['coder', '(none)']);
    expect(page.box.querySelectorAll('[data-row]')[1]?.textContent).toContain('–');
    page.button('Count').click();
    await soon(() => expect(names()).toEqual(['(none)', 'coder']));
  });

  it('leads from a figure to its runs', async () => {
    const page = draw(
      <TablePanel panel={panelOf('table', query)} query={query} filters={{}} sums={sums} />,
      '/dashboards/1',
      () => 500,
    );
    await soon(() => expect(page.box.querySelector('[data-row] a')).toBeInstanceOf(Element));
    expect(page.box.querySelector('[data-row] a')?.getAttribute('href')).toBe(
      '/runs?workflow_id=coder',
    );
  });
});

describe('the form of a panel', () => {
  const measurable = {
    keys: [
      { name: 'status', of_runs: true, of_steps: true },
      { name: 'model', of_runs: false, of_steps: true },
    ],
    measures: [
      { name: 'count', description: 'How many' },
      { name: 'cost', description: 'Dollars' },
    ],
  };

  function open(panel: Panel, answer: (asked: Asked) => unknown = () => measurable) {
    const onChange = vi.fn<(panel: Panel) => void>();
    const onClose = vi.fn<() => void>();
    const page = draw(
      <PanelForm panel={panel} variables={[]} time={{}} onChange={onChange} onClose={onClose} />,
      '/dashboards/1?edit=1',
      answer,
    );
    return { page, onChange, onClose };
  }

  const choose = (page: Drawn, label: string, value: string): void => {
    const select = page.box.querySelector(`select[aria-label="${label}"]`);
    if (!(select instanceof HTMLSelectElement)) throw new Error(`no field ${label}`);
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };

  it('changes the title and closes', async () => {
    const { page, onChange, onClose } = open(panelOf('trend'));
    await soon(() => page.button('Done'));
    type(page.box.querySelector('input'), 'All runs');
    expect(onChange).toHaveBeenCalledWith({ ...panelOf('trend'), title: 'All runs' });
    page.box
      .querySelector('form')
      ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('turns into a text, which asks nothing', async () => {
    const { page, onChange } = open(panelOf('trend'));
    await soon(() => page.button('Done'));
    choose(page, 'Kind', 'text');
    expect(onChange).toHaveBeenCalledWith({ ...panelOf('text'), query: undefined });
  });

  it('splits by what its source has', async () => {
    const { page, onChange } = open(panelOf('table'));
    await soon(() => expect(page.text()).toContain('Add a key'));
    choose(page, 'Add a key', 'status');
    expect(onChange).toHaveBeenCalledWith(panelOf('table', { by: 'status' }));
    expect(page.text()).not.toContain('Model');
  });

  it('says that the server does not tell what can be measured', async () => {
    let isDown = true;
    const { page } = open(panelOf('table'), () => (isDown ? 503 : measurable));
    await soon(() => expect(page.text()).toContain('Cannot load what can be measured'));
    isDown = false;
    page.button('Try again').click();
    await soon(() => expect(page.text()).toContain('Add a key'));
  });
});
