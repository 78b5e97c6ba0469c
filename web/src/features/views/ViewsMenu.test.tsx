// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import { isObject, readText } from '../../base/json';
import { draw, type } from '../../parts/drawForTesting';
import type { Asked, Drawn } from '../../parts/drawForTesting';
import { ViewsMenu } from './ViewsMenu';

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly page: string;
  readonly query: object;
  readonly updated_at: string;
}

/** Keeps views as the server does, and gives each change a time of its own. */
function makeServer(names: readonly string[]) {
  let views: readonly Stored[] = names.map((name) => ({
    id: name.toLowerCase(),
    name,
    page: 'runs',
    query: { status: name.toLowerCase() },
    updated_at: 'at first',
  }));
  let changes = 0;
  const put = (id: string, body: unknown): Stored => {
    const input = isObject(body) ? body : {};
    const stored = {
      id,
      name: readText(input, 'name') ?? '',
      page: readText(input, 'page') ?? '',
      query: isObject(input['query']) ? input['query'] : {},
      updated_at: `change ${++changes}`,
    };
    views = [...views.filter((view) => view.id !== id), stored];
    return stored;
  };
  return {
    all: () => views,
    put,
    answer: ({ method, path, body }: Asked): unknown => {
      const id = /^\/api\/v1\/views\/([^?]+)/.exec(path)?.[1];
      if (id === undefined) return method === 'POST' ? put('made', body) : { views };
      const found = views.find((view) => view.id === id);
      if (found === undefined) return 404;
      if (method === 'PUT') return put(id, body);
      if (method === 'GET') return found;
      views = views.filter((view) => view.id !== id);
      return { deleted: 1 };
    },
  };
}

async function open(drawn: Drawn): Promise<void> {
  await vi.waitFor(() => expect(drawn.box.querySelector('[popover]')).toBeInstanceOf(HTMLElement));
  const event = new Event('beforetoggle');
  Object.assign(event, { newState: 'open' });
  drawn.box.querySelector('[popover]')?.dispatchEvent(event);
}

function form(drawn: Drawn, label: string): Element {
  const found = drawn.box.querySelector(`form[aria-label="${label}"]`);
  if (found === null) throw new Error(`no form ${label}`);
  return found;
}

function submit(of: Element): void {
  of.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
}

describe('saved views', () => {
  it('are named where the address shows one', async () => {
    const server = makeServer(['Failed']);
    const drawn = draw(<ViewsMenu />, '/runs?status=failed&run=1', server.answer);
    await vi.waitFor(() => expect(drawn.button('Failed').title).toBe('Saved views (V)'));
  });

  it('do not exist on pages of one thing', async () => {
    const drawn = draw(
      <>
        page
        <ViewsMenu />
      </>,
      '/runs/1',
      () => 500,
    );
    await vi.waitFor(() => expect(drawn.text()).toBe('page'));
    expect(drawn.asked).toEqual([]);
  });

  it('are made of what the page shows', async () => {
    const server = makeServer([]);
    const drawn = draw(<ViewsMenu />, '/runs?status=failed&t=1h&run=1', server.answer);
    await open(drawn);
    await vi.waitFor(() => expect(drawn.text()).toContain('No view of this page is saved yet'));
    expect(drawn.text()).toContain('Keeps status failed, t 1h.');
    const save = form(drawn, 'Save what is shown');
    type(save.querySelector('input'), ' Failed lately ');
    await vi.waitFor(() => expect(save.querySelector('button')?.disabled).toBe(false));
    submit(save);
    await vi.waitFor(() => expect(drawn.box.querySelectorAll('[data-view]')).toHaveLength(1));
    expect(server.all()).toEqual([
      expect.objectContaining({ name: 'Failed lately', query: { status: 'failed', t: '1h' } }),
    ]);
    expect(drawn.box.querySelector('[data-view] a')?.getAttribute('href')).toBe(
      '/runs?status=failed&t=1h',
    );
  });

  it('are renamed and deleted, the latter after a question', async () => {
    const server = makeServer(['Failed', 'Running']);
    const drawn = draw(<ViewsMenu />, '/runs', server.answer);
    await open(drawn);
    await vi.waitFor(() => expect(drawn.box.querySelectorAll('[data-view]')).toHaveLength(2));
    drawn.button('Change: Failed').click();
    await vi.waitFor(() => form(drawn, 'Rename: Failed'));
    type(form(drawn, 'Rename: Failed').querySelector('input'), 'Broken');
    await vi.waitFor(() =>
      expect(form(drawn, 'Rename: Failed').querySelector('input')?.value).toBe('Broken'),
    );
    submit(form(drawn, 'Rename: Failed'));
    await vi.waitFor(() => expect(drawn.text()).toContain('Broken'));
    expect(server.all().find(({ id }) => id === 'failed')).toMatchObject({
      name: 'Broken',
      query: { status: 'failed' },
    });
    drawn.button('Change: Broken').click();
    await vi.waitFor(() => drawn.button('Delete…'));
    drawn.button('Delete…').click();
    await vi.waitFor(() => drawn.button('Delete “Broken”'));
    expect(server.all()).toHaveLength(2);
    drawn.button('Delete “Broken”').click();
    await vi.waitFor(() => expect(drawn.box.querySelectorAll('[data-view]')).toHaveLength(1));
    expect(server.all().map(({ name }) => name)).toEqual(['Running']);
  });

  it('that somebody else has changed are not overwritten unseen', async () => {
    const server = makeServer(['Failed']);
    const drawn = draw(<ViewsMenu />, '/runs?status=running', server.answer);
    await open(drawn);
    await vi.waitFor(() => expect(drawn.box.querySelectorAll('[data-view]')).toHaveLength(1));
    drawn.button('Change: Failed').click();
    server.put('failed', { name: 'Failed', page: 'runs', query: { status: 'failed', t: '7d' } });
    await vi.waitFor(() => drawn.button('Replace with what is shown'));
    drawn.button('Replace with what is shown').click();
    await vi.waitFor(() => expect(drawn.text()).toContain('changed by somebody else'));
    expect(server.all()[0]?.query).toEqual({ status: 'failed', t: '7d' });
    await vi.waitFor(() =>
      expect(drawn.box.querySelector('[data-view] a')?.getAttribute('title')).toContain('t 7d'),
    );
    drawn.button('Replace with what is shown').click();
    await vi.waitFor(() => expect(server.all()[0]?.query).toEqual({ status: 'running' }));
  });

  it('are found by their name where there are many', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `View ${index}`);
    const drawn = draw(<ViewsMenu />, '/runs', makeServer(names).answer);
    await open(drawn);
    await vi.waitFor(() => expect(drawn.box.querySelectorAll('[data-view]')).toHaveLength(12));
    type(drawn.box.querySelector('input[type=search]'), 'nothing like it');
    await vi.waitFor(() => expect(drawn.text()).toContain('None of 12 views is called'));
  });

  it('that cannot be read say so, and are asked for again', async () => {
    let isDown = true;
    const server = makeServer(['Failed']);
    const drawn = draw(<ViewsMenu />, '/runs', (asked) => (isDown ? 503 : server.answer(asked)));
    await open(drawn);
    await vi.waitFor(() => expect(drawn.text()).toContain('Cannot load views: refused with 503'));
    isDown = false;
    drawn.button('Try again').click();
    await vi.waitFor(() => expect(drawn.box.querySelectorAll('[data-view]')).toHaveLength(1));
  });

  it('that the server refuses stay in the form', async () => {
    const drawn = draw(<ViewsMenu />, '/runs', ({ method }) =>
      method === 'POST' ? 400 : { views: [] },
    );
    await open(drawn);
    await vi.waitFor(() => form(drawn, 'Save what is shown'));
    type(form(drawn, 'Save what is shown').querySelector('input'), 'x');
    await vi.waitFor(() => expect(drawn.button('Save what is shown').disabled).toBe(false));
    submit(form(drawn, 'Save what is shown'));
    await vi.waitFor(() => expect(drawn.text()).toContain('Cannot save it: refused with 400'));
    expect(form(drawn, 'Save what is shown').querySelector('input')?.value).toBe('x');
  });
});
