// SPDX-License-Identifier: Apache-2.0
// What people keep on a dashboard: panels on a grid of twelve columns, each of them one question to the
// server's sums, and variables that all of them share.

export const panelKinds = ['figure', 'trend', 'bars', 'table', 'heatmap', 'top', 'text'] as const;
export type PanelKind = (typeof panelKinds)[number];

export interface PanelQuery {
  readonly source: 'runs' | 'steps';
  /** Names of measures, with commas between them. */
  readonly measure: string;
  /** Names of keys, with commas between them. */
  readonly by: string;
  /** By key; `$name` stands for a variable. */
  readonly filters: Readonly<Record<string, string>>;
  readonly sort: string;
  readonly bucket: number | undefined;
  readonly limit: number | undefined;
}

export interface PanelPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly kind: PanelKind;
  readonly text: string;
  readonly query: PanelQuery | undefined;
  readonly position: PanelPosition;
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly field: string;
  /** What it begins with; empty is any. */
  readonly value: string;
}

export interface DashboardHead {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly panelCount: number;
  readonly version: number;
  readonly isBuiltin: boolean;
}

export interface DashboardDocument {
  readonly variables: readonly Variable[];
  readonly panels: readonly Panel[];
}

export interface Dashboard extends DashboardHead {
  readonly document: DashboardDocument;
}

export const gridColumns = 12;
/** The server takes no higher panel. */
export const mostHeight = 50;
export const mostRow = 1000;

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

export function overlaps(left: PanelPosition, right: PanelPosition): boolean {
  return (
    left.x < right.x + right.w &&
    right.x < left.x + left.w &&
    left.y < right.y + right.h &&
    right.y < left.y + left.h
  );
}

/** From top to bottom, and in a row from left to right. */
export function readingOrder(panels: readonly Panel[]): readonly Panel[] {
  return [...panels].sort(
    (left, right) => left.position.y - right.position.y || left.position.x - right.position.x,
  );
}

/**
 * The panels after one of them has got another place: it stays inside the grid, and those that it would
 * cover move down.
 */
export function placePanel(
  panels: readonly Panel[],
  id: string,
  wanted: PanelPosition,
): readonly Panel[] {
  const w = clamp(wanted.w, 1, gridColumns);
  const position = {
    w,
    h: clamp(wanted.h, 1, mostHeight),
    x: clamp(wanted.x, 0, gridColumns - w),
    y: clamp(wanted.y, 0, mostRow),
  };
  const placed = new Map<string, PanelPosition>([[id, position]]);
  for (const panel of readingOrder(panels.filter((one) => one.id !== id))) {
    let at = panel.position;
    const isCovered = (): boolean => [...placed.values()].some((other) => overlaps(at, other));
    while (isCovered()) at = { ...at, y: at.y + 1 };
    placed.set(panel.id, at);
  }
  return panels.map((panel) => ({ ...panel, position: placed.get(panel.id) ?? panel.position }));
}

/** The first free row. */
export function nextRow(panels: readonly Panel[]): number {
  return panels.reduce((row, { position }) => Math.max(row, position.y + position.h), 0);
}

/** The filters of a question with the values of variables in them; an empty one filters nothing. */
export function filledFilters(
  query: PanelQuery,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(query.filters).flatMap(([key, text]) => {
      const value = text.startsWith('$') ? (values[text.slice(1)] ?? '') : text;
      return value === '' ? [] : [[key, value]];
    }),
  );
}

/** As the server takes it, and as a file holds it. */
export function documentJson(document: DashboardDocument): unknown {
  return {
    variables: document.variables,
    panels: document.panels.map((panel) => ({
      id: panel.id,
      title: panel.title,
      kind: panel.kind,
      text: panel.text,
      query: panel.query,
      position: panel.position,
    })),
  };
}
