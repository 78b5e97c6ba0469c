// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draw, soon, type } from '../../../parts/drawForTesting';
import type { Answers, Drawn } from '../../../parts/drawForTesting';
import { DatasetPicker } from './DatasetPicker';

const dataset = (id: string, name: string, examples = 0): object => ({
  id,
  name,
  description: null,
  examples,
  bytes: 0,
  created_at: '2026-01-02T03:04:05Z',
  updated_at: '2026-01-02T03:04:05Z',
});

/** Keeps datasets as the server does; of a run that is there already it says so. */
function makeServer(names: readonly string[]): Answers {
  const datasets = names.map((name) => dataset(name.toLowerCase(), name));
  const added = new Set<string>();
  return ({ method, path, body }) => {
    if (path.endsWith('/examples')) {
      const key = `${path} ${JSON.stringify(body)}`;
      if (added.has(key)) return 409;
      added.add(key);
      return { id: 'e1' };
    }
    if (method !== 'POST') return { datasets };
    datasets.push(dataset('made', 'Made'));
    return datasets.at(-1);
  };
}

const examplesAsked = (drawn: Drawn) =>
  drawn.asked
    .filter(({ path }) => path.endsWith('/examples'))
    .map(({ path, body }) => [path, body]);

describe('the picker of datasets', () => {
  it('adds the run to the one that is chosen, once', async () => {
    const drawn = draw(
      <DatasetPicker traceId="t1" span={undefined} />,
      '/runs/t1',
      makeServer(['Refunds', 'Bags']),
    );
    await soon(() => drawn.button('Refunds'));
    drawn.button('Refunds').click();
    await soon(() => expect(drawn.text()).toContain('Added to Refunds.'));
    expect(examplesAsked(drawn)).toEqual([
      ['/api/v1/datasets/refunds/examples', { trace_id: 't1' }],
    ]);
    drawn.button('Refunds').click();
    await soon(() => expect(drawn.text()).toContain('Cannot add it: refused with 409'));
  });

  it('adds the step that is selected, if it is asked for', async () => {
    const drawn = draw(
      <DatasetPicker traceId="t1" span={{ id: 's2', title: 'chat' }} />,
      '/runs/t1',
      makeServer(['Refunds']),
    );
    await soon(() => drawn.button('Refunds'));
    const select = drawn.box.querySelector('select');
    if (select === null) throw new Error('no choice');
    select.value = 'step';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    drawn.button('Refunds').click();
    await soon(() =>
      expect(examplesAsked(drawn)).toEqual([
        ['/api/v1/datasets/refunds/examples', { trace_id: 't1', span_id: 's2' }],
      ]),
    );
  });

  it('makes a new one where there is none', async () => {
    const drawn = draw(<DatasetPicker traceId="t1" span={undefined} />, '/runs/t1', makeServer([]));
    await soon(() => expect(drawn.text()).toContain('There is no dataset yet'));
    type(drawn.box.querySelector('form input'), 'Made');
    await soon(() => expect(drawn.button('Make it and add').disabled).toBe(false));
    drawn.box
      .querySelector('form')
      ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await soon(() => expect(drawn.text()).toContain('Added to Made.'));
  });

  it('is found by name where there are many', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `Set ${index}`);
    const drawn = draw(
      <DatasetPicker traceId="t1" span={undefined} />,
      '/runs/t1',
      makeServer(names),
    );
    await soon(() => expect(drawn.box.querySelectorAll('li')).toHaveLength(12));
    type(drawn.box.querySelector('input[type=search]'), 'nothing like it');
    await soon(() => expect(drawn.text()).toContain('None of 12 datasets is called'));
  });
});
