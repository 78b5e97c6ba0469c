// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { draw, soon } from '../../parts/drawForTesting';
import { TopCalls } from './TopCalls';

const call = (index: number, cost: unknown) => ({
  trace_id: String(index).padStart(32, '0'),
  span_id: String(index).padStart(16, '0'),
  kind: 'llm',
  step_name: `chat ${index}`,
  status: 'completed',
  start_time: '2026-03-01T12:00:00Z',
  duration: 1,
  model: 'acme/m-1',
  input_tokens: 100,
  output_tokens: 20,
  cost,
});

describe('the most expensive calls', () => {
  it('are asked for with the filter of the page, and lead to their steps', async () => {
    const drawn = draw(
      <TopCalls filter={{ t: '1h', agent: 'coder' }} isHeld />,
      '/cost?t=1h',
      () => ({
        spans: [call(1, 0.25), call(2, 0.1), call(3, null)],
        next_cursor: null,
      }),
    );
    await soon(() => expect(drawn.text()).toContain('chat 1'));
    const asked = new URL(drawn.asked[0]?.path ?? '', 'http://localhost').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      kind: 'llm',
      sort: '-cost',
      limit: '10',
      agent: 'coder',
    });
    const links = [...drawn.box.querySelectorAll('tbody a')].map((link) =>
      link.getAttribute('href'),
    );
    expect(links).toEqual([
      `/runs/${'1'.padStart(32, '0')}?t=1h&span=${'1'.padStart(16, '0')}`,
      `/runs/${'2'.padStart(32, '0')}?t=1h&span=${'2'.padStart(16, '0')}`,
    ]);
    expect(drawn.text()).not.toContain('chat 3');
    expect(drawn.box.querySelector('h2 + a')?.getAttribute('href')).toBe(
      '/calls?t=1h&agent=coder&sort=-cost',
    );
  });

  it('are none where no call has a price', async () => {
    const drawn = draw(<TopCalls filter={{}} isHeld />, '/cost', () => ({
      spans: [call(1, null)],
      next_cursor: null,
    }));
    await soon(() => expect(drawn.text()).toContain('No call of this time has a known cost'));
  });

  it('are refused in place', async () => {
    const drawn = draw(<TopCalls filter={{}} isHeld />, '/cost', () => 503);
    await soon(() => expect(drawn.text()).toContain('Cannot load the most expensive calls'));
  });
});
