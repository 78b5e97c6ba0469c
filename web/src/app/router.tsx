// SPDX-License-Identifier: Apache-2.0

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { useCallback } from 'react';
import { RunListPage } from '../features/traces/RunListPage';
import { TracePage } from '../features/traces/TracePage';
import { readSearch } from '../model/searchTexts';
import type { SearchTexts } from '../model/searchTexts';
import { ErrorPage, NotFoundPage } from './ErrorPage';
import { formatSearchText, parseSearchText } from './searchText';
import { Shell } from './Shell';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const listRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: readSearch,
  component: function ListRoute() {
    const navigate = listRoute.useNavigate();
    const onSearchChange = useCallback(
      (change: SearchTexts) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
      [navigate],
    );
    return <RunListPage search={listRoute.useSearch()} onSearchChange={onSearchChange} />;
  },
});

const traceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/traces/$traceId',
  validateSearch: readSearch,
  component: function TraceRoute() {
    const { traceId } = traceRoute.useParams();
    const navigate = traceRoute.useNavigate();
    const onSearchChange = useCallback(
      (change: SearchTexts) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
      [navigate],
    );
    return (
      <TracePage
        key={traceId}
        traceId={traceId}
        search={traceRoute.useSearch()}
        onSearchChange={onSearchChange}
      />
    );
  },
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
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
