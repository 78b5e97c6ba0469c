// SPDX-License-Identifier: Apache-2.0
// What a person sets for this browser. One typed store; everything else lives in the URL or the cache.

import { useSyncExternalStore } from 'react';
import { zones } from '../base/clock';
import type { Zone } from '../base/clock';
import { isObject, readBoolean, readNumber, readObject, readText, readTexts } from '../base/json';
import type { JsonObject } from '../base/json';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const densities = ['roomy', 'compact'] as const;
/** Rows of two lines, with what was said, or of one. */
export type Density = (typeof densities)[number];

export interface ColumnChoices {
  readonly hidden: readonly string[];
  /** Pixels, by the id of the column. */
  readonly widths: Readonly<Record<string, number>>;
}

export interface Preferences {
  readonly theme: Theme;
  /** Width of the panel beside the span tree, in pixels. */
  readonly panelWidth: number;
  /** The clock that all times are shown by. */
  readonly zone: Zone;
  /** What was chosen for the columns of each table. */
  readonly columns: Readonly<Record<string, ColumnChoices>>;
  /** Whether the counts of values stand beside lists that have them. */
  readonly hasFacets: boolean;
  readonly density: Density;
}

const storageKey = 'sightline.preferences';
const defaults: Preferences = {
  theme: 'system',
  panelWidth: 520,
  zone: 'local',
  columns: {},
  hasFacets: true,
  density: 'roomy',
};

function readColumns(stored: JsonObject): Preferences['columns'] {
  return Object.fromEntries(
    Object.entries(stored).flatMap(([tableId, choices]) => {
      if (!isObject(choices)) return [];
      const widths = Object.entries(readObject(choices, 'widths') ?? {}).flatMap(
        ([column, width]) => (typeof width === 'number' ? [[column, width] as const] : []),
      );
      return [
        [tableId, { hidden: readTexts(choices, 'hidden'), widths: Object.fromEntries(widths) }],
      ];
    }),
  );
}

function load(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (!isObject(stored)) return defaults;
    const theme = themes.find((name) => name === readText(stored, 'theme'));
    return {
      theme: theme ?? defaults.theme,
      panelWidth: readNumber(stored, 'panelWidth') ?? defaults.panelWidth,
      zone: zones.find((name) => name === readText(stored, 'zone')) ?? defaults.zone,
      columns: readColumns(readObject(stored, 'columns') ?? {}),
      density: densities.find((name) => name === readText(stored, 'density')) ?? defaults.density,
      hasFacets: readBoolean(stored, 'hasFacets') ?? defaults.hasFacets,
    };
  } catch {
    return defaults;
  }
}

let current = load();
const listeners = new Set<() => void>();

function applyTheme(): void {
  if (current.theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = current.theme;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  applyTheme();
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Without storage the choice holds until the page is closed.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

/** Called once before the first drawing, so that no other theme flashes up. */
export function initPreferences(): void {
  applyTheme();
}

const noChoices: ColumnChoices = { hidden: [], widths: {} };

function setColumns(tableId: string, change: (before: ColumnChoices) => ColumnChoices): void {
  const before = current.columns[tableId] ?? noChoices;
  setPreferences({ columns: { ...current.columns, [tableId]: change(before) } });
}

export function setColumnWidth(tableId: string, columnId: string, width: number): void {
  setColumns(tableId, (before) => ({
    ...before,
    widths: { ...before.widths, [columnId]: width },
  }));
}

export function setColumnShown(tableId: string, columnId: string, isShown: boolean): void {
  setColumns(tableId, (before) => {
    const others = before.hidden.filter((id) => id !== columnId);
    return { ...before, hidden: isShown ? others : [...others, columnId] };
  });
}

export function resetColumns(tableId: string): void {
  setColumns(tableId, () => noChoices);
}
