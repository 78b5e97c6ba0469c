// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import { draw, soon } from '../parts/drawForTesting';
import type { Drawn } from '../parts/drawForTesting';
import { pages } from './pages';
import { Rail } from './Rail';

function drawAt(address: string, isPhone: boolean): Drawn {
  const none = (): void => undefined;
  const answer = { matches: isPhone, addEventListener: none, removeEventListener: none };
  vi.stubGlobal('matchMedia', () => answer);
  return draw(<Rail />, address, () => undefined);
}

const names = (drawn: Drawn): readonly string[] =>
  [...drawn.box.querySelectorAll('nav > a')].slice(1).map((link) => link.textContent);

const opened = (drawn: Drawn) => drawn.box.querySelector('[role=group][aria-label="More pages"]');

describe('the rail', () => {
  it('leads to all pages', async () => {
    const drawn = drawAt('/runs/a1', false);
    await soon(() => expect(names(drawn)).toEqual(pages.map(({ title }) => title)));
    expect(drawn.box.querySelector('[aria-current=page]')?.textContent).toBe('Runs');
    expect(opened(drawn)).toBeNull();
  });

  it('leads to some on a phone, and to the others one press further', async () => {
    const drawn = drawAt('/cost', true);
    await soon(() => expect(names(drawn)).toEqual(['Overview', 'Runs', 'Workflows', 'Errors']));
    expect(drawn.button('More').closest('[data-here]')?.getAttribute('data-here')).toBe('true');
    const toggle = Object.assign(new Event('beforetoggle'), { newState: 'open' });
    opened(drawn)?.dispatchEvent(toggle);
    await soon(() =>
      expect([...(opened(drawn)?.querySelectorAll('a') ?? [])].map((a) => a.textContent)).toEqual([
        'Calls',
        'Sessions',
        'Users',
        'Cost',
        'Dashboards',
        'Settings',
      ]),
    );
    expect(opened(drawn)?.querySelector('[aria-current=page]')?.textContent).toBe('Cost');
  });
});
