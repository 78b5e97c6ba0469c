// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import { draw } from '../../parts/drawForTesting';
import { CompareButton } from './CompareButton';
import { usePicks } from './usePicks';

function Ticks() {
  const picks = usePicks();
  return (
    <>
      {['a1', 'b2', 'c3'].map((id) => (
        <button key={id} type="button" onClick={() => picks.toggle(id)}>
          tick {id}
        </button>
      ))}
      <CompareButton picks={picks} />
    </>
  );
}

describe('the comparison of ticked runs', () => {
  it('begins with two', async () => {
    const drawn = draw(<Ticks />, '/runs?status=failed&t=1h', () => undefined);
    await vi.waitFor(() => drawn.button('tick a1'));
    expect(drawn.button('Compare').getAttribute('aria-disabled')).toBe('true');
    drawn.button('tick a1').click();
    await vi.waitFor(() => expect(drawn.button('Compare').textContent).toBe('Compare 1 of 2'));
    drawn.button('Compare').click();
    expect(drawn.path()).toBe('/runs');
    drawn.button('tick b2').click();
    await vi.waitFor(() => expect(drawn.button('Compare').textContent).toBe('Compare 2 of 2'));
    expect(drawn.search()).toEqual({ status: 'failed', t: '1h', pick: 'a1,b2' });
    drawn.button('Compare').click();
    await vi.waitFor(() => expect(drawn.path()).toBe('/compare'));
    expect(drawn.search()).toEqual({ t: '1h', a: 'a1', b: 'b2' });
  });

  it('takes the last ticked one for a third', async () => {
    const drawn = draw(<Ticks />, '/runs?pick=a1,b2', () => undefined);
    await vi.waitFor(() => drawn.button('tick c3'));
    drawn.button('tick c3').click();
    await vi.waitFor(() => expect(drawn.search()).toEqual({ pick: 'a1,c3' }));
    drawn.button('Take the ticks away').click();
    await vi.waitFor(() => expect(drawn.search()).toEqual({}));
  });
});
