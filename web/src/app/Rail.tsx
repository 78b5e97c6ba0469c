// SPDX-License-Identifier: Apache-2.0

import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { scopeOf } from '../model/scope';
import type { SearchTexts } from '../model/searchTexts';
import { useAddress } from '../parts/useAddress';
import { useCommand } from '../ui/commands';
import { Icon } from '../ui/Icon';
import { Popover } from '../ui/Popover';
import { phoneQuery, useMediaQuery } from '../ui/useMediaQuery';
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

/** The ways to all pages: beside the page, or below it where the window is narrow. */
export function Rail() {
  const { path, searchFor } = useLastSearches();
  const isPhone = useMediaQuery(phoneQuery);
  const isShown = (page: PageEntry): boolean => !isPhone || page.isOnPhone === true;
  const more = pages.filter((page) => !isShown(page));
  const linkTo = (page: PageEntry) => (
    <RailLink
      key={page.path}
      page={page}
      search={searchFor(page.path)}
      isHere={isUnder(path, page.path)}
    />
  );
  return (
    <nav className={styles.rail} aria-label="Main">
      <Link to="/" search={{}} className={styles.brand} aria-label="Sightline">
        <Logo />
      </Link>
      {pages.filter(isShown).map(linkTo)}
      {more.length > 0 && (
        <span
          className={styles.more}
          data-here={more.some((page) => isUnder(path, page.path))}
          // A page that has been chosen closes it.
          key={path}
        >
          <Popover
            label="More pages"
            look="quiet"
            className={styles.moreButton}
            face={
              <>
                <Icon name="other" size={16} />
                More
              </>
            }
          >
            <div className={styles.morePages}>{more.map(linkTo)}</div>
          </Popover>
        </span>
      )}
      {pages.map((page) => (
        <PageCommand key={page.path} page={page} search={searchFor(page.path)} />
      ))}
    </nav>
  );
}

interface ToPage {
  readonly page: PageEntry;
  readonly search: SearchTexts;
}

function PageCommand({ page, search }: ToPage) {
  const navigate = useNavigate();
  useCommand({
    id: `go ${page.path}`,
    title: `Go to ${page.title}`,
    key: page.key,
    run: () => void navigate({ to: page.path, search }),
  });
  return undefined;
}

function RailLink({ page, search, isHere }: ToPage & { readonly isHere: boolean }) {
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
