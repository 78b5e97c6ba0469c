// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../model/run';
import { draw } from '../../parts/drawForTesting';
import { TwoLines } from './TwoLines';

const run: Run = {
  traceId: 'a1',
  workflowId: 'shop',
  executionId: undefined,
  name: 'shop run',
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

const rows = [
  {
    kind: 'agent',
    input_preview: 'Where is my order?',
    output_preview: 'On its way.',
    error_message: 'the carrier did not answer',
  },
];

/** Everything is seen at once. */
beforeEach(() => {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(private readonly onSeen: (entries: readonly object[]) => void) {}
      observe(): void {
        this.onSeen([{ isIntersecting: true }]);
      }
      disconnect(): void {
        this.onSeen([]);
      }
    },
  );
});

describe('a row of two lines', () => {
  it('says what was asked and what came back', async () => {
    const drawn = draw(<TwoLines run={run} name="shop run" />, '/runs', () => ({ rows }));
    await vi.waitFor(() => expect(drawn.text()).toBe('shop runWhere is my order?On its way.'));
  });
  it('says of a failed run why it failed', async () => {
    const failed: Run = { ...run, status: 'failed' };
    const drawn = draw(<TwoLines run={failed} name="shop run" />, '/runs', () => ({ rows }));
    await vi.waitFor(() => expect(drawn.text()).toContain('the carrier did not answer'));
    expect(drawn.text()).not.toContain('On its way.');
  });
  it('has what was asked below the name where nothing came back', async () => {
    const silent = [{ kind: 'agent', input_preview: 'Where is my order?' }];
    const drawn = draw(<TwoLines run={run} name="shop run" />, '/runs', () => ({ rows: silent }));
    await vi.waitFor(() => expect(drawn.text()).toBe('shop runWhere is my order?'));
    const below = drawn.box.querySelector('[title="Where is my order?"]');
    expect(below?.parentElement?.textContent).toBe('shop runWhere is my order?');
  });
  it('has no second line where there is nothing to say', async () => {
    const drawn = draw(<TwoLines run={run} name="shop run" />, '/runs', () => ({ rows: [] }));
    await vi.waitFor(() => {
      expect(drawn.text()).toBe('shop run');
      expect(drawn.box.querySelector('[dir=auto]')).toBeNull();
    });
  });
  it('asks once about a run that goes on, and says nothing of its end', async () => {
    const going: Run = { ...run, status: 'running' };
    const drawn = draw(<TwoLines run={going} name="shop run" />, '/runs', () => ({ rows }));
    await vi.waitFor(() => expect(drawn.text()).toBe('shop runWhere is my order?'));
    drawn.draw(<TwoLines run={{ ...going, spanCount: 9 }} name="shop run, later" />);
    await vi.waitFor(() => expect(drawn.text()).toContain('later'));
    expect(drawn.asked).toHaveLength(1);
  });
  it('is as high without an answer of the server', async () => {
    const drawn = draw(<TwoLines run={run} name="shop run" />, '/runs', () => 503);
    await vi.waitFor(() => expect(drawn.asked).toHaveLength(1));
    expect(drawn.text()).toBe('shop run');
  });
});
