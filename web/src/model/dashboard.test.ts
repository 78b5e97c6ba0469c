// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { filledFilters, nextRow, placePanel } from './dashboard';
import type { Panel, PanelPosition, PanelQuery } from './dashboard';

function panel(id: string, position: PanelPosition): Panel {
  return { id, title: id, kind: 'text', text: '', query: undefined, position };
}

const panels = [panel('a', { x: 0, y: 0, w: 6, h: 2 }), panel('b', { x: 6, y: 0, w: 6, h: 2 })];

function placesOf(placed: readonly Panel[]) {
  return Object.fromEntries(placed.map(({ id, position }) => [id, position]));
}

describe('the grid of a dashboard', () => {
  it('moves down what a panel would cover', () => {
    expect(placesOf(placePanel(panels, 'a', { x: 3, y: 0, w: 6, h: 2 }))).toEqual({
      a: { x: 3, y: 0, w: 6, h: 2 },
      b: { x: 6, y: 2, w: 6, h: 2 },
    });
  });

  it('keeps a panel inside', () => {
    expect(placesOf(placePanel(panels, 'a', { x: -2, y: -1, w: 40, h: 0 }))).toMatchObject({
      a: { x: 0, y: 0, w: 12, h: 1 },
    });
    expect(placesOf(placePanel(panels, 'b', { x: 11, y: 3, w: 6, h: 2 }))['b']?.x).toBe(6);
  });

  it('knows the first free row', () => {
    expect(nextRow(panels)).toBe(2);
    expect(nextRow([])).toBe(0);
  });

  it('fills in variables, and leaves out filters without a value', () => {
    const query: PanelQuery = {
      source: 'runs',
      measure: 'count',
      by: '',
      filters: { agent: '$who', status: 'failed', workflow_id: '$flow' },
      sort: '',
      bucket: undefined,
      limit: undefined,
    };
    expect(filledFilters(query, { who: 'coder', flow: '' })).toEqual({
      agent: 'coder',
      status: 'failed',
    });
  });
});
