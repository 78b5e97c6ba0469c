// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeWindowStore } from './windowStore';

const window = (from: number, to: number) => ({ from, to });

describe('makeWindowStore', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells at once and writes once it rests', () => {
    const write = vi.fn();
    const listener = vi.fn();
    const store = makeWindowStore(undefined);
    store.connect(write);
    store.subscribe(listener);
    store.change(window(0, 10));
    vi.advanceTimersByTime(100);
    store.change(window(0, 5));
    expect(store.get()).toEqual(window(0, 5));
    expect(listener).toHaveBeenCalledTimes(2);
    expect(write).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(write.mock.calls).toEqual([[window(0, 5)]]);
  });

  it('takes what the address says, but not while it is changed', () => {
    const write = vi.fn();
    const store = makeWindowStore(window(0, 1));
    store.connect(write);
    store.take(window(2, 3));
    expect(store.get()).toEqual(window(2, 3));
    store.change(window(4, 5));
    store.take(window(2, 3));
    expect(store.get()).toEqual(window(4, 5));
    vi.advanceTimersByTime(200);
    store.take(undefined);
    expect(store.get()).toBeUndefined();
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('writes at once when nobody looks at it any more, and only what is not written', () => {
    const write = vi.fn();
    const store = makeWindowStore(undefined);
    store.connect(write)();
    expect(write).not.toHaveBeenCalled();
    const leave = store.connect(write);
    store.change(window(1, 2));
    leave();
    vi.advanceTimersByTime(500);
    expect(write.mock.calls).toEqual([[window(1, 2)]]);
  });

  it('says nothing where nothing changes, and nothing to whom has left', () => {
    const listener = vi.fn();
    const store = makeWindowStore(window(1, 2));
    const leave = store.subscribe(listener);
    store.take(window(1, 2));
    expect(listener).not.toHaveBeenCalled();
    leave();
    store.take(window(1, 3));
    expect(listener).not.toHaveBeenCalled();
  });
});
