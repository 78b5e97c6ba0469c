// SPDX-License-Identifier: Apache-2.0

import { Button } from './Button';
import { Icon } from './Icon';
import type { IconName } from './Icon';
import { setPreferences, themes, usePreferences } from './preferences';
import type { Theme } from './preferences';

const icons: Readonly<Record<Theme, IconName>> = { system: 'system', light: 'sun', dark: 'moon' };

/** Steps through system, light and dark. */
export function ThemeToggle() {
  const { theme } = usePreferences();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const label = `Theme: ${theme}. Switch to ${next}`;
  return (
    <Button
      fit="icon"
      look="quiet"
      title={label}
      aria-label={label}
      onClick={() => setPreferences({ theme: next })}
    >
      <Icon name={icons[theme]} />
    </Button>
  );
}
