// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest';
import type { Run } from '../../model/run';
import { draw } from '../../parts/drawForTesting';
import { FirstTraceHint } from './FirstTraceHint';

const first: Run = {
  traceId: 'a1',
  workflowId: 'shop',
  executionId: undefined,
  name: 'the first one',
  status: 'completed',
  startNs: 1n,
  endNs: 2n,
  durationSeconds: 1,
  spanCount: 3,
  errorCount: 0,
  agent: undefined,
  service: undefined,
  sessionId: undefined,
  userId: undefined,
  models: [],
  totalTokens: undefined,
  cost: { kind: 'nothing' },
  isDemo: false,
  signs: [],
};
const overview = { ports: { otlp_grpc: 7317, otlp_http: 7318 } };

describe('the way to the first run', () => {
  it('names the ports of the server in what is to be pasted', async () => {
    const drawn = draw(
      <FirstTraceHint first={undefined} onShowList={vi.fn()} />,
      '/runs',
      () => overview,
    );
    await vi.waitFor(() => expect(drawn.text()).toContain(':7317'), { timeout: 20_000 });
    expect(drawn.box.querySelectorAll('[role=tab]')).toHaveLength(15);
    drawn.box.querySelector<HTMLElement>('[data-tab=otel-python]')?.click();
    await vi.waitFor(() => expect(drawn.text()).toContain(':7318/v1/traces'));
    expect(drawn.text()).toContain('pip install opentelemetry-sdk');
  });
  it('says that it guesses where the server does not tell', async () => {
    const drawn = draw(
      <FirstTraceHint first={undefined} onShowList={vi.fn()} />,
      '/runs',
      () => 503,
    );
    await vi.waitFor(() => expect(drawn.text()).toContain('These are the usual ports'), {
      timeout: 20_000,
    });
    expect(drawn.text()).toContain(':4318');
  });
  it('lights up and leads to the run', async () => {
    const onShowList = vi.fn();
    const drawn = draw(
      <FirstTraceHint first={undefined} onShowList={onShowList} />,
      '/runs',
      () => overview,
    );
    await vi.waitFor(() => expect(drawn.text()).toContain('Nothing has arrived yet'));
    drawn.draw(<FirstTraceHint first={first} onShowList={onShowList} />);
    await vi.waitFor(() => expect(drawn.text()).toContain('It has arrived:'));
    const link = drawn.box.querySelector('[data-arrived=true] a');
    expect(link?.getAttribute('href')).toBe('/runs/a1');
    drawn.button('Show the list').click();
    expect(onShowList).toHaveBeenCalledOnce();
  });
});
