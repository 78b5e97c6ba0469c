// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draw, soon } from '../../parts/drawForTesting';
import { RunHistogram } from './RunHistogram';

const minute = 60_000;

/** As many buckets as the question has, with one failed run in each from `firstMs` on. */
function countsOf(path: string, firstMs: number) {
  const query = new URL(path, 'http://localhost').searchParams;
  const start = Date.parse(query.get('start_time') ?? '');
  const end = Date.parse(query.get('end_time') ?? '');
  const step = Number(query.get('bucket')) * 1000;
  const buckets = [];
  for (let at = Math.floor(start / step) * step; at < end; at += step) {
    const failed = at + step > firstMs ? 1 : 0;
    buckets.push({ time: new Date(at).toISOString(), values: { failed }, total: failed });
  }
  return {
    of: 'runs',
    bucket_seconds: step / 1000,
    buckets,
    period: { start: query.get('start_time'), end: query.get('end_time') },
  };
}

function key(target: Element | undefined, name: string, isShift = false): void {
  target?.dispatchEvent(
    new KeyboardEvent('keydown', { key: name, shiftKey: isShift, bubbles: true }),
  );
}

describe('the histogram of runs', () => {
  it('begins with the first run where the address names no time', async () => {
    const first = Date.now() - 100 * minute;
    const drawn = draw(<RunHistogram filter={{}} isWanted isHeld />, '/runs', ({ path }) =>
      countsOf(path, first),
    );
    await soon(() => expect(drawn.text()).toContain('failed'));
    const start = new URL(drawn.asked.at(-1)?.path ?? '', 'http://localhost').searchParams.get(
      'start_time',
    );
    const early = first - Date.parse(start ?? '');
    expect(early).toBeGreaterThanOrEqual(0);
    expect(early).toBeLessThanOrEqual(minute);
  });

  it('begins with the first run also in a time that was mostly without any, and says so', async () => {
    const first = Date.now() - 10 * minute;
    const drawn = draw(
      <RunHistogram filter={{ t: '24h' }} isWanted isHeld />,
      '/runs',
      ({ path }) => countsOf(path, first),
    );
    await soon(() => expect(drawn.text()).toContain(', no run before'));
    const steps = drawn.asked.map(({ path }) =>
      new URL(path, 'http://localhost').searchParams.get('bucket'),
    );
    expect(steps).toEqual(['900', '60']);
    const slider = drawn.box.querySelector('[role=slider]');
    expect(Number(slider?.getAttribute('aria-valuemax'))).toBeLessThanOrEqual(10);
  });

  it('follows the filters that can be counted, and says which cannot', async () => {
    const filter = { status: 'failed', q: 'refund', t: '1h' };
    const drawn = draw(<RunHistogram filter={filter} isWanted isHeld />, '/runs', ({ path }) =>
      countsOf(path, 0),
    );
    await soon(() => expect(drawn.text()).toContain('Counted without “refund”'));
    expect(drawn.asked).toHaveLength(1);
    expect(drawn.asked[0]?.path).toContain('status=failed');
    expect(drawn.asked[0]?.path).not.toContain('refund');
  });

  it('sets the time of the page to what is chosen', async () => {
    const drawn = draw(
      <RunHistogram filter={{ t: '1h' }} isWanted isHeld />,
      '/runs?t=1h&status=failed',
      ({ path }) => countsOf(path, 0),
    );
    await soon(() => expect(drawn.box.querySelector('[role=slider]')).toBeInstanceOf(HTMLElement));
    const slider = drawn.box.querySelector('[role=slider]') ?? undefined;
    key(slider, 'ArrowLeft');
    await soon(() => expect(slider?.getAttribute('aria-valuetext')).not.toContain('All'));
    key(slider, 'ArrowLeft', true);
    await Promise.resolve();
    key(slider, 'Enter');
    await soon(() => expect(drawn.search()).toHaveProperty('from'));
    const { from, to, t, status } = drawn.search();
    expect(t).toBeUndefined();
    expect(status).toBe('failed');
    const chosen = Date.parse(String(to)) - Date.parse(String(from));
    expect(chosen % minute).toBe(0);
    expect(chosen).toBeGreaterThanOrEqual(minute);
    expect(chosen).toBeLessThanOrEqual(2 * minute);
  });

  it('keeps its bars below the pointer until others are asked for', async () => {
    let first = 0;
    const answers = ({ path }: { readonly path: string }) => countsOf(path, first);
    const drawn = draw(
      <RunHistogram filter={{ t: '1h' }} isWanted isHeld />,
      '/runs?t=1h',
      answers,
    );
    const bars = () => drawn.box.querySelectorAll('rect').length;
    await soon(() => expect(bars()).toBeGreaterThan(50));
    const strip = drawn.box.querySelector('[data-testid=run-histogram]');
    strip?.dispatchEvent(new MouseEvent('pointerenter'));
    first = Date.now() - 5 * minute;
    await drawn.refresh();
    expect(drawn.asked).toHaveLength(2);
    expect(bars()).toBeGreaterThan(50);
    strip?.dispatchEvent(new MouseEvent('pointerleave'));
    await soon(() => expect(bars()).toBeLessThan(10));
    strip?.dispatchEvent(new MouseEvent('pointerenter'));
    first = 0;
    drawn.draw(<RunHistogram filter={{ t: '2h' }} isWanted isHeld />);
    await soon(() => expect(bars()).toBeGreaterThan(50));
  });

  it('is refused in place', async () => {
    const drawn = draw(
      <RunHistogram filter={{ t: '1h' }} isWanted isHeld />,
      '/runs?t=1h',
      () => 503,
    );
    await soon(() => expect(drawn.text()).toContain('Cannot count runs over time'));
  });
});
