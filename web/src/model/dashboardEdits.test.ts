// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { DashboardDocument, Panel, PanelPosition } from './dashboard';
import {
  addPanel,
  addVariable,
  changeVariable,
  closeGaps,
  duplicatePanel,
  filterAllBy,
  movePanels,
  removeVariable,
  usesOf,
  variableProblem,
} from './dashboardEdits';
import { emptyQuery } from './panelQuery';
import type { MeasureKey } from './panelQuery';

function panel(
  id: string,
  position: PanelPosition,
  filters: Readonly<Record<string, string>> = {},
): Panel {
  return { id, title: id, kind: 'figure', text: '', query: { ...emptyQuery, filters }, position };
}

const text: Panel = {
  ...panel('note', { x: 0, y: 5, w: 12, h: 1 }),
  kind: 'text',
  query: undefined,
};
const left = panel('a', { x: 0, y: 0, w: 6, h: 2 }, { agent: '$who' });
const right = panel('b', { x: 6, y: 0, w: 6, h: 2 }, { agent: 'coder', user_id: '$who' });

function placesOf(placed: readonly Panel[]) {
  return Object.fromEntries(placed.map(({ id, position }) => [id, position]));
}

describe('panels while a dashboard is edited', () => {
  it('adds a panel below all others, with an id of its own', () => {
    const more = addPanel([panel('panel-2', { x: 0, y: 0, w: 4, h: 3 })]);
    expect(placesOf(more)).toMatchObject({ 'panel-3': { x: 0, y: 3, w: 4, h: 3 } });
    expect(new Set(addPanel(more).map(({ id }) => id)).size).toBe(3);
  });

  it('puts a copy beside its panel where there is room, else below', () => {
    expect(placesOf(duplicatePanel([left], left))).toMatchObject({
      'panel-2': { x: 6, y: 0, w: 6, h: 2 },
    });
    const below = placesOf(duplicatePanel([left, right, text], left));
    expect(below['panel-4']).toEqual({ x: 0, y: 2, w: 6, h: 2 });
    expect(below['note']).toEqual(text.position);
  });

  it('moves those that are named and leaves the others', () => {
    const at = { x: 3, y: 7, w: 2, h: 2 };
    expect(placesOf(movePanels([left, right], new Map([['b', at]])))).toEqual({
      a: left.position,
      b: at,
    });
  });

  it('closes gaps without covering anything', () => {
    const low = panel('c', { x: 4, y: 9, w: 4, h: 2 });
    expect(placesOf(closeGaps([low, text, left]))).toEqual({
      a: { x: 0, y: 0, w: 6, h: 2 },
      note: { x: 0, y: 2, w: 12, h: 1 },
      c: { x: 4, y: 3, w: 4, h: 2 },
    });
  });
});

describe('variables of a dashboard', () => {
  const who = { name: 'who', label: '', field: 'agent', value: '' };
  const document: DashboardDocument = { variables: [who], panels: [left, right, text] };
  const keys: readonly MeasureKey[] = [
    { name: 'agent', isOfRuns: true, isOfSteps: true },
    { name: 'model', isOfRuns: false, isOfSteps: true },
  ];

  function filtersOf(changed: DashboardDocument) {
    return changed.panels.map(({ query }) => query?.filters);
  }

  it('goes with the filters that name it', () => {
    expect(usesOf(document, 'who')).toBe(2);
    const without = removeVariable(document, 'who');
    expect(without.variables).toEqual([]);
    expect(filtersOf(without)).toEqual([{}, { agent: 'coder' }, undefined]);
  });

  it('keeps its filters under another name, and loses them with another field', () => {
    const named = changeVariable(document, 'who', { ...who, name: 'x' });
    expect(filtersOf(named)).toEqual([
      { agent: '$x' },
      { agent: 'coder', user_id: '$x' },
      undefined,
    ]);
    const other = changeVariable(document, 'who', { ...who, field: 'model' });
    expect(filtersOf(other)).toEqual([{}, { agent: 'coder' }, undefined]);
  });

  it('filters all panels that have its field and no filter on it', () => {
    const bare = panel('c', { x: 0, y: 8, w: 1, h: 1 });
    const all = filterAllBy({ ...document, panels: [right, bare, text] }, who, keys);
    expect(filtersOf(all)).toEqual([
      { agent: 'coder', user_id: '$who' },
      { agent: '$who' },
      undefined,
    ]);
  });

  it('gives each a name and a field of its own', () => {
    const twice = addVariable(addVariable({ variables: [], panels: [] }, keys), keys);
    expect(twice.variables.map(({ field }) => field)).toEqual(['agent', 'model']);
    const thrice = addVariable(twice, keys);
    expect(thrice.variables.map(({ name }) => name)).toEqual(['agent', 'model', 'agent-2']);
  });

  it('says what is wrong with a name', () => {
    expect(variableProblem([who], who)).toBeUndefined();
    expect(variableProblem([who, who], who)).toContain('Another');
    expect(variableProblem([who], { ...who, name: 'with space' })).toContain('Letters');
  });
});
