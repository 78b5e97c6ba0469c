// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draw, soon, type } from '../../parts/drawForTesting';
import type { Asked, Drawn } from '../../parts/drawForTesting';
import { PriceDrawer } from './PriceDrawer';

const own = {
  provider: 'acme',
  model: 'house',
  source: 'own',
  version: '1',
  rule: 'acme/house',
  effective_from: '2026-01-01T00:00:00.000000001Z',
  effective_until: null,
  prices: { input: 2, output: 4 },
  per_call: {},
  multipliers: {},
  aliases: [],
  not_counted: [],
  note: null,
};

const model = (name: string, change: object) => ({
  model: name,
  calls: 2,
  old_cost: 1,
  new_cost: 1,
  unpriced_before: 0,
  unpriced_after: 0,
  ...change,
});

const job = (id: string, change: object) => ({
  reprice_id: id,
  state: 'running',
  dry_run: true,
  start_time: '2026-01-01T00:00:00Z',
  end_time: '2026-02-01T00:00:00Z',
  created_at: '2026-02-01T00:00:00Z',
  finished_at: null,
  runs: 0,
  changed_runs: 0,
  skipped_runs: 0,
  calls: 0,
  old_cost: 0,
  new_cost: 0,
  unpriced_before: 0,
  unpriced_after: 0,
  models: [],
  detail: null,
  ...change,
});

const outcome = {
  state: 'done',
  runs: 5,
  changed_runs: 2,
  skipped_runs: 1,
  calls: 4,
  old_cost: 1,
  new_cost: 5,
  unpriced_before: 2,
  models: [
    model('acme/house', { old_cost: 0, new_cost: 4, unpriced_before: 2 }),
    model('acme/known', {}),
  ],
};

/** Prices and jobs as the server keeps them; a job is over when it is asked for the second time. */
function makeServer(prices: readonly object[] = [], before: readonly object[] = []) {
  let left = prices;
  const started: { body: unknown; asked: number }[] = [];
  return ({ method, path, body }: Asked): unknown => {
    if (path.includes('/prices/')) {
      left = method === 'DELETE' ? [] : [own];
      return own;
    }
    if (path.includes('/prices')) return { prices: left, total: left.length, next_cursor: null };
    if (path.includes('/aggregate')) return { groups: [], total_groups: 0, period: {} };
    if (path.endsWith('/reprice') && method === 'GET') return { repricings: before };
    if (path.endsWith('/reprice')) {
      started.push({ body, asked: 0 });
      return job(String(started.length), body ?? {});
    }
    const one = started[Number(path.split('/').at(-1)) - 1];
    if (one === undefined) return undefined;
    one.asked += 1;
    const id = path.split('/').at(-1) ?? '';
    return job(id, { ...(one.body ?? {}), ...(one.asked > 1 ? outcome : { runs: 3, calls: 1 }) });
  };
}

const filter = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
const part = (drawn: Drawn, name: string) =>
  drawn.box.querySelector(`[data-testid=${name}]`)?.textContent ?? '';
const posted = (drawn: Drawn) =>
  drawn.asked.filter(({ method }) => method === 'POST').map(({ body }) => body);

describe('the price of a model', () => {
  it('that has none holds from the start of the page’s time, so that its calls are priced', async () => {
    const drawn = draw(<PriceDrawer filter={filter} />, '/cost?price=acme%2Fhouse', makeServer());
    await soon(() => expect(drawn.text()).toContain('Nobody has set a price'));
    const field = (name: string) =>
      [...drawn.box.querySelectorAll('label')]
        .find(({ textContent }) => textContent === name)
        ?.parentElement?.querySelector('input');
    await soon(() => expect(field('Holds from')?.value).toBe('2026-01-01'));
    type(field('Input'), '2');
    type(field('Output'), '4');
    drawn.button('Set this price').click();
    await soon(() => expect(part(drawn, 'price-rule')).toContain('set here'));
    expect(drawn.asked.find(({ method }) => method === 'PUT')).toMatchObject({
      path: '/api/v1/cost-tracking/prices/acme/house',
      body: { prices: { input: '2', output: '4' }, effective_from: '2026-01-01' },
    });
  });

  it('that was set here is taken back, after a question', async () => {
    const server = makeServer([own]);
    const drawn = draw(<PriceDrawer filter={filter} />, '/cost?price=acme%2Fhouse', server);
    await soon(() => expect(part(drawn, 'price-rule')).toContain('Delete this price'));
    drawn.button('Delete this price').click();
    await soon(() => drawn.button('Delete it'));
    drawn.button('Delete it').click();
    await soon(() => expect(drawn.text()).toContain('Nobody has set a price'));
    expect(drawn.asked.find(({ method }) => method === 'DELETE')?.path).toBe(
      '/api/v1/cost-tracking/prices/acme/house?effective_from=2026-01-01T00%3A00%3A00.000000001Z',
    );
  });

  it('that comes with the program cannot be deleted', async () => {
    const server = makeServer([{ ...own, source: 'built-in' }]);
    const drawn = draw(<PriceDrawer filter={filter} />, '/cost?price=acme%2Fhouse', server);
    await soon(() => expect(part(drawn, 'price-rule')).toContain('comes with the program'));
    expect(part(drawn, 'price-rule')).not.toContain('Delete');
  });
});

describe('stored calls', () => {
  it('are priced again over the time that was shown', async () => {
    const drawn = draw(<PriceDrawer filter={filter} />, '/cost?reprice=1', makeServer());
    await soon(() => drawn.button('Show what would change'));
    expect(() => drawn.button('Apply')).toThrow();
    drawn.button('Show what would change').click();
    await soon(() => expect(drawn.text()).toContain('3 runs, 1 call so far'));
    await soon(() => expect(drawn.text()).toContain('2 of 5 runs would cost something else.'));
    expect(part(drawn, 'reprice-sums')).toContain('≥ $1.000 → $5.000 (+$4.000)');
    expect(part(drawn, 'reprice-sums')).toContain('2 → 0');
    expect(part(drawn, 'reprice-models')).toContain('acme/house');
    expect(part(drawn, 'reprice-models')).toContain('unpriced');
    expect(part(drawn, 'reprice-models')).not.toContain('acme/known');
    expect(part(drawn, 'reprice-skipped')).toContain('1 run still went on and was left out');

    drawn.button('Apply to 2 runs').click();
    await soon(() => expect(drawn.text()).toContain('3 of 5 runs, 1 call so far'));
    await soon(() => expect(drawn.text()).toContain('Done: 2 of 5 runs have new costs'));
    const time = { start_time: '2026-01-01T00:00:00.000Z', end_time: '2026-02-01T00:00:00.000Z' };
    expect(posted(drawn)).toEqual([
      { ...time, dry_run: true },
      { ...time, dry_run: false },
    ]);
    expect(() => drawn.button('Apply')).toThrow();
    // The figures of the page are asked for again, and with them what was priced.
    await soon(() =>
      expect(
        drawn.asked.filter(({ method, path }) => method === 'GET' && path.endsWith('/reprice')),
      ).toHaveLength(4),
    );
  });

  it('show a job that runs already', async () => {
    const running = job('7', { dry_run: false });
    const server = makeServer([], [running]);
    const drawn = draw(<PriceDrawer filter={filter} />, '/cost?reprice=1', (asked) =>
      asked.path.endsWith('/reprice/7') ? { ...running, runs: 12, calls: 30 } : server(asked),
    );
    await soon(() => expect(drawn.text()).toContain('12 runs, 30 calls so far'));
    drawn.button('Show what would change').click();
    expect(posted(drawn)).toEqual([]);
  });

  it('say why they cannot be priced', async () => {
    const server = makeServer();
    const drawn = draw(<PriceDrawer filter={filter} />, '/cost?reprice=1', (asked) =>
      asked.method === 'POST' ? 409 : server(asked),
    );
    await soon(() => drawn.button('Show what would change'));
    drawn.button('Show what would change').click();
    await soon(() => expect(drawn.text()).toContain('Cannot price them again: refused with 409'));
  });
});
