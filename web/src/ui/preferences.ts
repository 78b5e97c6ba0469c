// SPDX-License-Identifier: Apache-2.0
// What a person sets for this browser. One typed store; everything else lives in the URL or the cache.

import { useSyncExternalStore } from 'react';
import { zones } from '../base/clock';
import type { Zone } from '../base/clock';
import { isObject, readNumber, readText } from '../base/json';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  readonly theme: Theme;
  /** Width of the panel beside the span tree, in pixels. */
  readonly panelWidth: number;
  /** The clock that all times are shown by. */
  readonly zone: Zone;
}

const storageKey = 'sightline.preferences';
const defaults: Preferences = { theme: 'system', panelWidth: 520, zone: 'local' };

function load(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (!isObject(stored)) return defaults;
    const theme = themes.find((name) => name === readText(stored, 'theme'));
    return {
      theme: theme ?? defaults.theme,
      panelWidth: readNumber(stored, 'panelWidth') ?? defaults.panelWidth,
      zone: zones.find((name) => name === readText(stored, 'zone')) ?? defaults.zone,
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
