// SPDX-License-Identifier: Apache-2.0

import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { readSearch } from '../model/searchTexts';
import type { SearchTexts } from '../model/searchTexts';
import { ThemeToggle } from '../ui/ThemeToggle';
import { ZoneToggle } from '../ui/ZoneToggle';
import styles from './Shell.module.css';

const emptySearch: SearchTexts = {};

/** The filters the list had when it was last open, so that coming back to it finds them again. */
function useLastListSearch(): { readonly isList: boolean; readonly last: SearchTexts } {
  const location = useRouterState({ select: (state) => state.location });
  const isList = location.pathname === '/';
  const [last, setLast] = useState({ text: '', search: emptySearch });
  if (isList && last.text !== location.searchStr) {
    setLast({ text: location.searchStr, search: readSearch({ ...location.search }) });
  }
  return { isList, last: last.search };
}

export function Shell() {
  const { isList, last } = useLastListSearch();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.header}>
        <Link to="/" search={emptySearch} className={styles.brand}>
          <Logo />
          Sightline
        </Link>
        <nav className={styles.nav} aria-label="Main">
          <Link to="/" search={isList ? emptySearch : last} data-here={isList}>
            Runs
          </Link>
        </nav>
        <span className={styles.end}>
          <ZoneToggle />
          <ThemeToggle />
        </span>
      </header>
      <main className={styles.main} id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
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
