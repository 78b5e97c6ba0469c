// SPDX-License-Identifier: Apache-2.0

import { Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ViewsMenu } from '../features/views/ViewsMenu';
import { ScopeBar } from '../parts/ScopeBar';
import { useAddress } from '../parts/useAddress';
import { listenToKeys, useCommand } from '../ui/commands';
import { Palette } from '../ui/Palette';
import { setPreferences, themes, usePreferences } from '../ui/preferences';
import { ThemeToggle } from '../ui/ThemeToggle';
import { ZoneToggle } from '../ui/ZoneToggle';
import { Rail } from './Rail';
import styles from './Shell.module.css';

export function Shell() {
  useEffect(listenToKeys, []);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <Rail />
      <header className={styles.bar}>
        <ScopeBar />
        <ViewsMenu />
        <span className={styles.end}>
          <ZoneToggle />
          <ThemeToggle />
        </span>
      </header>
      <main className={styles.main} id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Palette />
      <FrameCommands />
    </div>
  );
}

/** What can be done on every page. */
function FrameCommands() {
  const { theme, zone } = usePreferences();
  const { scope } = useAddress();
  const navigate = useNavigate();
  // Not a part of every day's work: no place in the rail, and no key.
  useCommand({
    id: 'go /datasets',
    title: 'Go to Datasets',
    run: () => void navigate({ to: '/datasets', search: scope }),
  });
  const nextTheme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  useCommand({
    id: 'theme',
    title: `Theme: switch to ${nextTheme}`,
    run: () => setPreferences({ theme: nextTheme }),
  });
  const nextZone = zone === 'utc' ? 'local' : 'utc';
  useCommand({
    id: 'zone',
    title: nextZone === 'utc' ? 'Show times in UTC' : 'Show times in the zone of this browser',
    run: () => setPreferences({ zone: nextZone }),
  });
  return undefined;
}
