// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0

import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunState } from '../useRunState';
import { giveScreen, makeRunState, ran } from '../runFixture';
import { TimelineView } from './TimelineView';
import { makeWindowStore } from './windowStore';

// 800 pixels for 100 seconds; lanes of 20 pixels.
const spans = [
  ran('lead', undefined, 0, 100, { kind: 'agent', criticalSeconds: 10 }),
  ran('plan', 'lead', 0, 20, { kind: 'llm', criticalSeconds: 20, title: 'plan it' }),
  ran('scout', 'lead', 20, 60, { kind: 'agent' }),
  ran('look', 'scout', 30, 50, { kind: 'tool', status: 'failed', errorMessage: 'no such file' }),
  ran('write', 'lead', 60, 100, { kind: 'tool', title: 'write it' }),
];

let drawn: ReturnType<typeof giveScreen>;
beforeEach(() => {
  drawn = giveScreen();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function show(state: RunState) {
  const store = makeWindowStore(state.range);
  const write = vi.fn();
  store.connect(write);
  render(<TimelineView state={state} store={store} />);
  const tree = (): HTMLElement => screen.getByRole('tree', { name: 'Spans by time' });
  const stage = (): HTMLElement => {
    const element = tree().querySelector('canvas')?.parentElement;
    if (!element) throw new Error('no stage');
    return element;
  };
  const press = (key: string, more = {}): boolean => fireEvent.keyDown(tree(), { key, ...more });
  const drag = (from: number, to: number, y: number, more = {}): void => {
    fireEvent.pointerDown(stage(), { clientX: from, clientY: y, button: 0, ...more });
    fireEvent.pointerMove(stage(), { clientX: to, clientY: y, ...more });
    fireEvent.pointerUp(stage(), { clientX: to, clientY: y, ...more });
  };
  return { store, write, tree, stage, press, drag };
}

/** The page of the tests does not know where a wheel is turned. */
function turnWheel(element: Element, deltaY: number, clientX: number): void {
  const event = new WheelEvent('wheel', { deltaY, bubbles: true, cancelable: true });
  Object.defineProperties(event, { clientX: { value: clientX }, clientY: { value: 0 } });
  fireEvent(element, event);
}

const active = (): string => screen.queryByRole('treeitem')?.textContent ?? '';
const sums = (): string => screen.getByTestId('range-sums').textContent;

describe('TimelineView', () => {
  it('draws the bars with their names, and only those that are seen', () => {
    const { store } = show(makeRunState(spans));
    const all = drawn.drawFrame().map((text) => text.split('  ')[0]);
    expect(all).toEqual(['lead', 'plan it', 'scout', 'write it', '✕ look']);
    act(() => store.change({ from: 70, to: 80 }));
    const seen = drawn.drawFrame().map((text) => text.split('  ')[0]);
    expect(seen).toEqual(['lead', 'write it']);
  });

  it('walks from bar to bar by keys and opens the details with Enter', () => {
    const state = makeRunState(spans);
    const { press } = show(state);
    press('ArrowDown');
    expect(active()).toContain('agent lead');
    press('ArrowDown');
    expect(active()).toContain('llm plan it');
    press('ArrowRight');
    expect(active()).toContain('agent scout');
    press('ArrowDown');
    expect(active()).toContain('tool look, failed');
    expect(state.select).not.toHaveBeenCalled();
    press('Enter');
    expect(state.select).toHaveBeenLastCalledWith('look');
  });

  it('lets open details follow the keys', () => {
    const state = makeRunState(spans, { span: 'plan' });
    const { press } = show(state);
    press('ArrowRight');
    expect(state.select).toHaveBeenLastCalledWith('scout');
  });

  it('selects what is clicked, and nothing between bars', () => {
    const state = makeRunState(spans);
    const { drag } = show(state);
    drag(80, 80, 30);
    expect(state.select).toHaveBeenLastCalledWith('plan');
    drag(700, 700, 50);
    expect(state.select).toHaveBeenCalledTimes(1);
  });

  it('sums what is selected by dragging, and zooms to it', () => {
    const { store, drag } = show(makeRunState(spans));
    expect(sums()).toContain('Whole run');
    expect(sums()).toContain('5 spans · 1 error');
    drag(240, 400, 30);
    expect(screen.getByTestId('timeline-selection')).toBeTruthy();
    expect(sums()).toContain('Selected');
    expect(sums()).toContain('3 spans · 1 error');
    fireEvent.click(screen.getByRole('button', { name: 'Zoom to it' }));
    expect(store.get()).toEqual({ from: 30, to: 50 });
    expect(screen.queryByTestId('timeline-selection')).toBeNull();
  });

  it('selects a range by keys and drops it with Escape', () => {
    const { press } = show(makeRunState(spans));
    press('ArrowDown');
    press('ArrowDown');
    press('ArrowRight', { shiftKey: true });
    expect(sums()).toContain('Selected');
    press('Escape');
    expect(sums()).toContain('Whole run');
  });

  it('zooms by wheel around the pointer, and moves by Shift and drag', () => {
    const { store, tree, drag } = show(makeRunState(spans));
    turnWheel(tree(), -250, 0);
    expect(store.get()).toEqual({ from: 0, to: 50 });
    drag(400, 200, 10, { shiftKey: true });
    expect(store.get()).toEqual({ from: 12.5, to: 62.5 });
  });

  it('zooms by buttons and by keys', () => {
    const { store, press } = show(makeRunState(spans));
    fireEvent.click(screen.getByRole('button', { name: 'Zoom in' }));
    const near = store.get();
    expect((near?.to ?? 0) - (near?.from ?? 0)).toBeCloseTo(62.5, 6);
    press('-');
    expect(store.get()?.to).toBeCloseTo(100, 6);
    press('ArrowDown');
    press('ArrowDown');
    press('f');
    expect(store.get()?.to).toBeCloseTo(25, 6);
    fireEvent.click(screen.getByRole('button', { name: 'Whole run' }));
    expect(store.get()).toBeUndefined();
  });

  it('tells what is at the pointer', () => {
    const { stage } = show(makeRunState(spans));
    fireEvent.pointerMove(stage(), { clientX: 300, clientY: 50 });
    const tip = screen.getByTestId('timeline-tip').textContent;
    expect(tip).toContain('look');
    expect(tip).toContain('no such file');
    fireEvent.pointerMove(stage(), { clientX: 100, clientY: 390 });
    expect(screen.queryByTestId('timeline-tip')).toBeNull();
  });

  it('folds agents, and opens them again', () => {
    const { press } = show(makeRunState(spans));
    fireEvent.click(screen.getByRole('button', { name: 'Fold agents' }));
    press('ArrowDown');
    press('ArrowDown');
    press('ArrowRight');
    expect(screen.getByRole('treeitem').getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(screen.getByRole('button', { name: 'Unfold all' }));
    expect(screen.getByRole('treeitem').getAttribute('aria-expanded')).toBe('true');
    press(' ');
    expect(screen.getByRole('treeitem').getAttribute('aria-expanded')).toBe('false');
  });

  it('says that nothing matches what is looked for', () => {
    const state = makeRunState(spans, { find: 'zebra' }, { matches: [] });
    show(state);
    expect(screen.getByText(/No span matches “zebra”/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear search' }));
    expect(state.setFind).toHaveBeenCalledWith('');
  });

  it('says why it is empty', () => {
    show(makeRunState([]));
    expect(screen.getByText('No spans yet')).toBeTruthy();
  });

  it('shows the range of the address', () => {
    const { store } = show(makeRunState(spans, { range: '20-60' }));
    expect(store.get()).toEqual({ from: 20, to: 60 });
    expect(sums()).toContain('In view');
    expect(sums()).toContain('20.0\u202fs – 1\u202fm 00\u202fs');
  });
});
