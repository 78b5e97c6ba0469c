// SPDX-License-Identifier: Apache-2.0
// Canvas knows no tokens: their colours of the present theme are read from the page.

import { usePreferences } from './preferences';
import { useMediaQuery } from './useMediaQuery';

/** The colour that a style such as `var(--error)` has now. */
export type ColourOf = (style: string) => string;

/** A reader of the colours that hold at the place of an element; each is looked up once. */
export function readColours(near: HTMLElement): ColourOf {
  const known = new Map<string, string>();
  return (style) => {
    const before = known.get(style);
    if (before !== undefined) return before;
    const probe = document.createElement('span');
    near.append(probe);
    probe.style.color = style;
    const { color } = getComputedStyle(probe);
    probe.remove();
    known.set(style, color);
    return color;
  };
}

/** Changes when the colours do, so that what was drawn with them is drawn again. */
export function useColourScheme(): 'light' | 'dark' {
  const { theme } = usePreferences();
  const isDark = useMediaQuery('(prefers-color-scheme: dark)');
  if (theme === 'system') return isDark ? 'dark' : 'light';
  return theme;
}
