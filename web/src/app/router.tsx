// SPDX-License-Identifier: Apache-2.0

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { RunListPage } from '../features/traces/RunListPage';
import { readSearch } from '../model/searchTexts';
import { ErrorPage, NotFoundPage } from './ErrorPage';
import { formatSearchText, parseSearchText } from './searchText';
import { Shell } from './Shell';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

/** The page that opens first comes with the frame; all others are loaded when they are opened. */
const listRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: readSearch,
  component: RunListPage,
});

const traceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/traces/$traceId',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('../features/traces/TracePage'), 'TracePage'),
});

const widgetsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/widgets',
  component: lazyRouteComponent(() => import('./WidgetsPage'), 'WidgetsPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([listRoute, traceRoute, widgetsRoute]),
  parseSearch: parseSearchText,
  stringifySearch: formatSearchText,
  defaultErrorComponent: ErrorPage,
  defaultPreload: 'intent',
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
