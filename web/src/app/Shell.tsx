// SPDX-License-Identifier: Apache-2.0

import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ViewsMenu } from '../features/views/ViewsMenu';
import { scopeOf } from '../model/scope';
import type { SearchTexts } from '../model/searchTexts';
import { ScopeBar } from '../parts/ScopeBar';
import { useAddress } from '../parts/useAddress';
import { Icon } from '../ui/Icon';
import { listenToKeys, useCommand } from '../ui/commands';
import { Palette } from '../ui/Palette';
import { setPreferences, themes, usePreferences } from '../ui/preferences';
import { ThemeToggle } from '../ui/ThemeToggle';
import { ZoneToggle } from '../ui/ZoneToggle';
import { isUnder, pages } from './pages';
import type { PageEntry } from './pages';
import styles from './Shell.module.css';

/** What each page asked for when it was last open, so that coming back to it finds its filters again. */
function useLastSearches(): {
  readonly path: string;
  readonly searchFor: (path: string) => SearchTexts;
} {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { search, scope } = useAddress();
  const [last, setLast] = useState<ReadonlyMap<string, SearchTexts>>(new Map());
  if (pages.some((page) => page.path === path) && last.get(path) !== search)
    setLast(new Map(last).set(path, search));
  return {
    path,
    // Of the page that is open, the link takes the filters away and leaves the time.
    searchFor: (other) => (other === path ? scopeOf(search) : { ...last.get(other), ...scope }),
  };
}

export function Shell() {
  const { path, searchFor } = useLastSearches();
  useEffect(listenToKeys, []);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <nav className={styles.rail} aria-label="Main">
        <Link to="/" search={{}} className={styles.brand} aria-label="Sightline">
          <Logo />
        </Link>
        {pages.map((page) => (
          <RailLink
            key={page.path}
            page={page}
            search={searchFor(page.path)}
            isHere={isUnder(path, page.path)}
          />
        ))}
      </nav>
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

function RailLink(props: {
  readonly page: PageEntry;
  readonly search: SearchTexts;
  readonly isHere: boolean;
}) {
  const { page, search, isHere } = props;
  const navigate = useNavigate();
  useCommand({
    id: `go ${page.path}`,
    title: `Go to ${page.title}`,
    key: page.key,
    run: () => void navigate({ to: page.path, search }),
  });
  return (
    <Link
      to={page.path}
      search={search}
      data-here={isHere}
      aria-current={isHere ? 'page' : undefined}
      className={styles.link}
    >
      <Icon name={page.icon} size={16} />
      {page.title}
    </Link>
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

function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <rect width="16" height="16" rx="4" fill="currentColor" />
      <path
        d="M3 5h10M5 8h6M7 11h5"
        stroke="var(--accent-contrast)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
