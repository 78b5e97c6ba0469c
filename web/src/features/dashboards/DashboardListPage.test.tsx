// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draw, soon, type } from '../../parts/drawForTesting';
import { DashboardListPage } from './DashboardListPage';

const made = {
  id: 'd1',
  name: 'Refunds',
  description: '',
  builtin: false,
  version: 1,
  document: { variables: [], panels: [] },
};

describe('a new dashboard', () => {
  it('is made when it has a name, and not before', async () => {
    const drawn = draw(<DashboardListPage />, '/dashboards', ({ method }) =>
      method === 'POST' ? made : { dashboards: [] },
    );
    const box = () => drawn.box.querySelector('[role=group]');
    await soon(() => expect(box()).toBeInstanceOf(HTMLElement));
    box()?.dispatchEvent(Object.assign(new Event('beforetoggle'), { newState: 'open' }));
    await soon(() => expect(box()?.querySelector('form')).toBeInstanceOf(HTMLElement));
    const submit = (): unknown =>
      box()
        ?.querySelector('form')
        ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    submit();
    type(box()?.querySelector('input'), ' Refunds ');
    await soon(() => expect(box()?.querySelector('input')?.value).toBe(' Refunds '));
    expect(drawn.asked.every(({ method }) => method === 'GET')).toBe(true);
    submit();
    await soon(() => expect(drawn.path()).toBe('/dashboards/d1'));
    const posts = drawn.asked.filter(({ method }) => method === 'POST');
    expect(posts.map(({ body }) => body)).toMatchObject([{ name: 'Refunds' }]);
  });
});
