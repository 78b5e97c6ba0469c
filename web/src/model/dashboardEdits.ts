// SPDX-License-Identifier: Apache-2.0
// Changes of a dashboard while it is edited, each of them from one document to the next.

import { gridColumns, nextRow, overlaps, placePanel, readingOrder } from './dashboard';
import type { DashboardDocument, Panel, PanelPosition, Variable } from './dashboard';
import { emptyQuery, hasKey } from './panelQuery';
import type { MeasureKey } from './panelQuery';

export const mostVariables = 10;
export const mostPanels = 50;

function freeName(prefix: string, used: readonly string[], from: number): string {
  let count = from;
  while (used.includes(`${prefix}${count}`)) count++;
  return `${prefix}${count}`;
}

function freeId(panels: readonly Panel[]): string {
  const used = panels.map(({ id }) => id);
  return freeName('panel-', used, panels.length + 1);
}

/** One more panel below all others: how many runs there were. */
export function addPanel(panels: readonly Panel[]): readonly Panel[] {
  const panel: Panel = {
    id: freeId(panels),
    title: 'Runs',
    kind: 'figure',
    text: '',
    query: emptyQuery,
    position: { x: 0, y: nextRow(panels), w: 4, h: 3 },
  };
  return [...panels, panel];
}

/** The same panel once more: beside it where there is room, else right below. */
export function duplicatePanel(panels: readonly Panel[], panel: Panel): readonly Panel[] {
  const copy = { ...panel, id: freeId(panels) };
  const { x, y, w, h } = panel.position;
  const beside = { ...panel.position, x: x + w };
  const isFree =
    beside.x + w <= gridColumns && panels.every(({ position }) => !overlaps(position, beside));
  return placePanel([...panels, copy], copy.id, isFree ? beside : { x, y: y + h, w, h });
}

export function replacePanel(panels: readonly Panel[], panel: Panel): readonly Panel[] {
  const changed = panels.map((one) => (one.id === panel.id ? panel : one));
  return placePanel(changed, panel.id, panel.position);
}

/** The panels in the places that a drag has given them; those that are not named stay. */
export function movePanels(
  panels: readonly Panel[],
  places: ReadonlyMap<string, PanelPosition>,
): readonly Panel[] {
  return panels.map((panel) => ({ ...panel, position: places.get(panel.id) ?? panel.position }));
}

/** Every panel as far up as it goes. */
export function closeGaps(panels: readonly Panel[]): readonly Panel[] {
  const placed = new Map<string, PanelPosition>();
  for (const panel of readingOrder(panels)) {
    let at = panel.position;
    const isFree = (y: number): boolean =>
      [...placed.values()].every((other) => !overlaps(other, { ...at, y }));
    while (at.y > 0 && isFree(at.y - 1)) at = { ...at, y: at.y - 1 };
    placed.set(panel.id, at);
  }
  return movePanels(panels, placed);
}

export function addVariable(
  document: DashboardDocument,
  keys: readonly MeasureKey[],
): DashboardDocument {
  const { variables } = document;
  const field =
    keys.find(({ name }) => variables.every((one) => one.field !== name))?.name ?? 'agent';
  const names = variables.map(({ name }) => name);
  const name = names.includes(field) ? freeName(`${field}-`, names, 2) : field;
  return { ...document, variables: [...variables, { name, label: '', field, value: '' }] };
}

function mapFilters(
  document: DashboardDocument,
  change: (filters: Readonly<Record<string, string>>, panel: Panel) => Record<string, string>,
): readonly Panel[] {
  return document.panels.map((panel) =>
    panel.query === undefined
      ? panel
      : { ...panel, query: { ...panel.query, filters: change(panel.query.filters, panel) } },
  );
}

/** Without one of the variables and without the filters that name it. */
export function removeVariable(document: DashboardDocument, name: string): DashboardDocument {
  return {
    variables: document.variables.filter((one) => one.name !== name),
    panels: mapFilters(document, (filters) =>
      Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== `$${name}`)),
    ),
  };
}

/** A variable with another name, label or value. A new field takes it out of all filters. */
export function changeVariable(
  document: DashboardDocument,
  name: string,
  changed: Variable,
): DashboardDocument {
  const before = document.variables.find((one) => one.name === name);
  const isOther = before?.field !== changed.field;
  return {
    variables: document.variables.map((one) => (one.name === name ? changed : one)),
    panels: mapFilters(document, (filters) =>
      Object.fromEntries(
        Object.entries(filters).flatMap(([key, value]) => {
          if (value !== `$${name}`) return [[key, value]];
          return isOther ? [] : [[key, `$${changed.name}`]];
        }),
      ),
    ),
  };
}

/** How many panels are filtered by the variable. */
export function usesOf(document: DashboardDocument, name: string): number {
  return document.panels.filter(({ query }) =>
    Object.values(query?.filters ?? {}).includes(`$${name}`),
  ).length;
}

/** Every panel that has the field of the variable, and no filter of its own on it, filtered by it. */
export function filterAllBy(
  document: DashboardDocument,
  { name, field }: Variable,
  keys: readonly MeasureKey[],
): DashboardDocument {
  const key = keys.find((one) => one.name === field);
  return {
    ...document,
    panels: mapFilters(document, (filters, { query }) =>
      key !== undefined &&
      query !== undefined &&
      hasKey(key, query.source) &&
      filters[field] === undefined
        ? { ...filters, [field]: `$${name}` }
        : { ...filters },
    ),
  };
}

/** What the server would refuse in the variables, in words. */
export function variableProblem(
  variables: readonly Variable[],
  { name }: Variable,
): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(name)) return 'Letters, digits, _ and -, at most 40';
  return variables.filter((one) => one.name === name).length > 1
    ? 'Another variable has this name'
    : undefined;
}
