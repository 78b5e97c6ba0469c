// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import { draw } from '../../parts/drawForTesting';
import { SettingsPage } from './SettingsPage';

const metrics = `sightline_store_disk_bytes 4096
sightline_store_days 2
sightline_journal_writable 0
sightline_loss_total{name="span_too_deep",severity="warning"} 3
sightline_loss_total{name="no_such_loss",severity="info"} 1
`;

function answer({ path }: { readonly path: string }): unknown {
  if (path === '/metrics') return metrics;
  if (path === '/readyz') return 503;
  if (path === '/openapi.json') return { info: { version: '1.2.3' } };
  if (path.includes('/aggregate')) return { groups: [], total_groups: 0, period: {} };
  return { ports: {} };
}

describe('the settings', () => {
  it('say what the server tells, and what it does not', async () => {
    const drawn = draw(<SettingsPage />, '/settings', answer);
    const part = (name: string) =>
      drawn.box.querySelector(`[data-testid=settings-${name}]`)?.textContent ?? '';
    await vi.waitFor(() => expect(part('data')).toContain('4.0'), { timeout: 20_000 });
    expect(part('data')).toContain('unknown');
    expect(part('data')).toContain('no: is the disk full?');
    await vi.waitFor(() => expect(part('data')).toContain('Telemetry is not taken now'));
    await vi.waitFor(() => expect(part('about')).toContain('1.2.3'));
    await vi.waitFor(() =>
      expect(part('losses')).toContain('nested deeper than the limit and was cut there'),
    );
    expect(part('losses')).toContain('A loss that this page has no words for.');
  });
  it('say what cannot be read, each part for itself', async () => {
    const drawn = draw(<SettingsPage />, '/settings', () => 500);
    await vi.waitFor(() => expect(drawn.text()).toContain('Cannot load the state of the data'), {
      timeout: 20_000,
    });
    await vi.waitFor(() => expect(drawn.text()).toContain('Cannot load what was lost'));
    await vi.waitFor(() => expect(drawn.text()).toContain('Cannot load the days'));
  });
});
