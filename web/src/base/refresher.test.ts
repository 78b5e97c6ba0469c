// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refreshDelay, Refresher } from './refresher';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A refresher of refreshes that last `durationMs`; `runs` are the times at which they began. */
function start(durationMs = 0, outcomes: boolean[] = []) {
  const runs: number[] = [];
  const startedAt = Date.now();
  const refresher = new Refresher({
    refresh: async () => {
      runs.push(Date.now() - startedAt);
      if (durationMs > 0) await new Promise((resolve) => setTimeout(resolve, durationMs));
      return outcomes.shift() ?? true;
    },
    intervalMs: () => 1000,
    bundleMs: 250,
  });
  return { refresher, runs };
}

describe('Refresher', () => {
  it('answers requests that come together with one refresh', async () => {
    const { refresher, runs } = start();
    refresher.request();
    await vi.advanceTimersByTimeAsync(200);
    refresher.request();
    expect(runs).toEqual([]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(runs).toEqual([250]);
  });

  it('keeps the interval however often it is asked', async () => {
    const { refresher, runs } = start();
    for (let i = 0; i < 30; i++) {
      refresher.request();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(runs).toEqual([250, 1250, 2250]);
  });

  it('pauses four times as long as a slow refresh took', async () => {
    const { refresher, runs } = start(3000);
    refresher.request();
    await vi.advanceTimersByTimeAsync(1000);
    refresher.request();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(runs).toEqual([250, 250 + 3000 + 12_000]);
  });

  it('refreshes again for what is asked during a refresh', async () => {
    const { refresher, runs } = start(100);
    refresher.request();
    await vi.advanceTimersByTimeAsync(300);
    refresher.request();
    await vi.advanceTimersByTimeAsync(5000);
    expect(runs).toEqual([250, 1350]);
  });

  it('tries again, later, when it fails', async () => {
    const { refresher, runs } = start(0, [false, false]);
    refresher.request();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runs).toEqual([250, 2250, 4250]);
  });

  it('polls without being asked until polling ends', async () => {
    const { refresher, runs } = start();
    refresher.setPolling(true);
    await vi.advanceTimersByTimeAsync(2500);
    refresher.setPolling(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toEqual([250, 1250, 2250, 3250]);
  });

  it('says since when news are waited for', async () => {
    const { refresher } = start(5000);
    const askedAt = Date.now();
    expect(refresher.waitingSince).toBeUndefined();
    refresher.request();
    await vi.advanceTimersByTimeAsync(100);
    refresher.request();
    expect(refresher.waitingSince).toBe(askedAt);
    await vi.advanceTimersByTimeAsync(5000);
    expect(refresher.waitingSince).toBe(askedAt);
    await vi.advanceTimersByTimeAsync(200);
    expect(refresher.waitingSince).toBeUndefined();
  });

  it('does nothing once it is stopped', async () => {
    const { refresher, runs } = start(1000);
    refresher.setPolling(true);
    await vi.advanceTimersByTimeAsync(300);
    refresher.stop();
    refresher.request();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runs).toEqual([250]);
  });
});

describe('refreshDelay', () => {
  it('waits four times as long as a slow answer took', () => {
    expect(refreshDelay(2000, 30)).toBe(2000);
    expect(refreshDelay(2000, 3000)).toBe(12_000);
  });
});
