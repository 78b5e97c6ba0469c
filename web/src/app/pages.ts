// SPDX-License-Identifier: Apache-2.0

import type { IconName } from '../ui/Icon';
import type { router } from './router';

type Paths = keyof (typeof router)['routesByPath'];

/** A page that the rail leads to. Where its code comes from stands in router.tsx. */
export interface PageEntry {
  readonly path: Exclude<Paths, `${string}$${string}`>;
  readonly title: string;
  readonly icon: IconName;
  /** Opens it, as in `KeyboardEvent.key`. */
  readonly key: string;
  /** On a phone there is room for these; the others are one press further. */
  readonly isOnPhone?: boolean;
}

/** In the order of the rail. */
export const pages: readonly PageEntry[] = [
  { path: '/', title: 'Overview', icon: 'embedding', key: '1', isOnPhone: true },
  { path: '/runs', title: 'Runs', icon: 'task', key: '2', isOnPhone: true },
  { path: '/calls', title: 'Calls', icon: 'llm', key: '3' },
  { path: '/sessions', title: 'Sessions', icon: 'session', key: '4' },
  { path: '/users', title: 'Users', icon: 'user', key: '5' },
  { path: '/workflows', title: 'Workflows', icon: 'workflow', key: '6', isOnPhone: true },
  { path: '/errors', title: 'Errors', icon: 'alert', key: '7', isOnPhone: true },
  { path: '/cost', title: 'Cost', icon: 'cost', key: '8' },
  { path: '/dashboards', title: 'Dashboards', icon: 'dashboard', key: '9' },
  { path: '/settings', title: 'Settings', icon: 'settings', key: '0' },
];

/** True for a page and for what lies under it: a run is under the runs. */
export function isUnder(address: string, page: string): boolean {
  return address === page || (page !== '/' && address.startsWith(`${page}/`));
}
