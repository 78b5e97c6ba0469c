// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0

import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { giveScreen, makeRunState, ran } from '../runFixture';
import { Minimap } from './Minimap';
import { makeWindowStore } from './windowStore';

// 800 pixels for 100 seconds.
const spans = [
  ran('lead', undefined, 0, 100, { kind: 'agent' }),
  ran('plan', 'lead', 0, 20, { kind: 'llm' }),
  ran('write', 'lead', 60, 100, { kind: 'tool' }),
];

beforeEach(() => void giveScreen());
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function show(search = {}) {
  const state = makeRunState(spans, search);
  const store = makeWindowStore(state.range);
  store.connect(vi.fn());
  render(<Minimap state={state} store={store} />);
  const map = screen.getByTestId('minimap').querySelector('canvas')?.parentElement;
  if (!map) throw new Error('no map');
  const drag = (from: number, to: number, target: Element = map): void => {
    fireEvent.pointerDown(target, { clientX: from, clientY: 5, button: 0 });
    fireEvent.pointerMove(map, { clientX: to, clientY: 5 });
    fireEvent.pointerUp(map, { clientX: to, clientY: 5 });
  };
  return { state, store, drag, map };
}

describe('Minimap', () => {
  it('chooses a range by dragging', () => {
    const { store, drag, state } = show();
    drag(80, 400);
    expect(store.get()).toEqual({ from: 10, to: 50 });
    expect(state.select).not.toHaveBeenCalled();
  });

  it('moves the range that is dragged inside, and its ends', () => {
    const { store, drag } = show({ range: '20-40' });
    drag(240, 320);
    expect(store.get()).toEqual({ from: 30, to: 50 });
    drag(400, 480, screen.getByRole('slider', { name: 'End of the range' }));
    expect(store.get()).toEqual({ from: 30, to: 60 });
  });

  it('shows the nearest call on a click', () => {
    const { drag, state, store } = show();
    drag(440, 440);
    expect(state.select).toHaveBeenCalledWith('write');
    expect(store.get()).toBeUndefined();
  });

  it('moves its ends by keys', () => {
    const { store } = show({ range: '20-40' });
    const start = screen.getByRole('slider', { name: 'Start of the range' });
    fireEvent.keyDown(start, { key: 'ArrowRight' });
    expect(store.get()).toEqual({ from: 22, to: 40 });
    fireEvent.keyDown(start, { key: 'End' });
    expect(store.get()).toEqual({ from: 22, to: 40 });
    fireEvent.keyDown(start, { key: 'Home' });
    expect(store.get()).toEqual({ from: 0, to: 40 });
    expect(start.getAttribute('aria-valuenow')).toBe('0');
  });

  it('goes back to the whole run', () => {
    const { store, map } = show({ range: '20-40' });
    fireEvent.click(screen.getByRole('button', { name: /Show the whole run/ }));
    expect(store.get()).toBeUndefined();
    expect(screen.queryByRole('button')).toBeNull();
    store.change({ from: 1, to: 2 });
    fireEvent.doubleClick(map);
    expect(store.get()).toBeUndefined();
  });
});
