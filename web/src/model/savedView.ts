// SPDX-License-Identifier: Apache-2.0
// What a page shows, kept under a name: the query of its address.

import type { SearchTexts } from './searchTexts';

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly page: string;
  readonly query: SearchTexts;
  /** When it was last changed, as the server says it. */
  readonly updatedAt: string;
}

/** The pages whose views are kept, by the names that the server has for them. */
export const viewPages = [
  { page: 'overview', path: '/' },
  { page: 'runs', path: '/runs', table: 'runs' },
  { page: 'calls', path: '/calls' },
  { page: 'sessions', path: '/sessions' },
  { page: 'users', path: '/users' },
  { page: 'workflows', path: '/workflows' },
  { page: 'errors', path: '/errors' },
  { page: 'cost', path: '/cost' },
  { page: 'compare', path: '/compare' },
  { page: 'dashboards', path: '/dashboards' },
] as const;

export type ViewPage = (typeof viewPages)[number];

export function viewPageAt(path: string): ViewPage | undefined {
  return viewPages.find((one) => one.path === path);
}

/** What is being looked at for the moment and is no part of a view. */
const passing: readonly string[] = ['run', 'call', 'pick', 'hold'];

/** The part of an address that a view keeps. */
export function viewQuery(search: SearchTexts): SearchTexts {
  return Object.fromEntries(
    Object.entries(search).filter(([key, value]) => value !== undefined && !passing.includes(key)),
  );
}

function sorted(query: SearchTexts): string {
  return JSON.stringify(Object.entries(viewQuery(query)).sort());
}

/** The view that an address shows, if one of them is what it shows. */
export function viewShown(views: readonly SavedView[], search: SearchTexts): SavedView | undefined {
  const wanted = sorted(search);
  return views.find(({ query }) => sorted(query) === wanted);
}

/** The query of an address in a few words, for a view that is about to get a name. */
export function describeQuery(query: SearchTexts): string {
  const parts = Object.entries(viewQuery(query)).map(([key, value]) => `${key} ${value ?? ''}`);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

/** Those whose name has the text in it, in any case. */
export function findViews(views: readonly SavedView[], text: string): readonly SavedView[] {
  const wanted = text.trim().toLowerCase();
  return views.filter(({ name }) => name.toLowerCase().includes(wanted));
}
