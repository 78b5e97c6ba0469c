// SPDX-License-Identifier: Apache-2.0

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { AsyncRouteComponent } from '@tanstack/react-router';
import { readSearch } from '../model/searchTexts';
import { ErrorPage, NotFoundPage } from './ErrorPage';
import { formatSearchText, parseSearchText } from './searchText';
import { Shell } from './Shell';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

/** A page whose code is loaded when it is first opened, or when a pointer comes near a link to it. */
function page<Path extends string>(path: Path, component: AsyncRouteComponent<object>) {
  return createRoute({
    getParentRoute: () => rootRoute,
    path,
    validateSearch: readSearch,
    component,
  });
}

/** Where runs were before they had a page of their own; links that people keep still work. */
const traceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/traces/$traceId',
  validateSearch: readSearch,
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: '/runs/$traceId', params, search, replace: true });
  },
});

// All pages, by their addresses. One that the rail leads to has an entry in pages.ts, too.
const routes = [
  traceRoute,
  page(
    '/',
    lazyRouteComponent(() => import('../features/overview/OverviewPage'), 'OverviewPage'),
  ),
  page(
    '/runs',
    lazyRouteComponent(() => import('../features/runs/RunListPage'), 'RunListPage'),
  ),
  page(
    '/runs/$traceId',
    lazyRouteComponent(() => import('../features/run/RunPage'), 'RunPage'),
  ),
  page(
    '/calls',
    lazyRouteComponent(() => import('../features/calls/CallListPage'), 'CallListPage'),
  ),
  page(
    '/workflows',
    lazyRouteComponent(() => import('../features/workflows/WorkflowsPage'), 'WorkflowsPage'),
  ),
  page(
    '/workflows/$name',
    lazyRouteComponent(() => import('../features/workflows/WorkflowPage'), 'WorkflowPage'),
  ),
  page(
    '/errors',
    lazyRouteComponent(() => import('../features/errors/ErrorsPage'), 'ErrorsPage'),
  ),
  page(
    '/errors/$fingerprint',
    lazyRouteComponent(() => import('../features/errors/ErrorPage'), 'ErrorPage'),
  ),
  page(
    '/compare',
    lazyRouteComponent(() => import('../features/compare/ComparePage'), 'ComparePage'),
  ),
  page(
    '/cost',
    lazyRouteComponent(() => import('../features/cost/CostPage'), 'CostPage'),
  ),
  page(
    '/sessions',
    lazyRouteComponent(() => import('../features/groups/GroupListPage'), 'SessionListPage'),
  ),
  page(
    '/sessions/$sessionId',
    lazyRouteComponent(() => import('../features/groups/GroupPage'), 'SessionPage'),
  ),
  page(
    '/users',
    lazyRouteComponent(() => import('../features/groups/GroupListPage'), 'UserListPage'),
  ),
  page(
    '/users/$userId',
    lazyRouteComponent(() => import('../features/groups/GroupPage'), 'UserPage'),
  ),
  page(
    '/dashboards',
    lazyRouteComponent(
      () => import('../features/dashboards/DashboardListPage'),
      'DashboardListPage',
    ),
  ),
  page(
    '/dashboards/$dashboardId',
    lazyRouteComponent(() => import('../features/dashboards/DashboardPage'), 'DashboardPage'),
  ),
  page(
    '/datasets',
    lazyRouteComponent(() => import('../features/datasets/DatasetListPage'), 'DatasetListPage'),
  ),
  page(
    '/datasets/$datasetId',
    lazyRouteComponent(() => import('../features/datasets/DatasetPage'), 'DatasetPage'),
  ),
  page(
    '/settings',
    lazyRouteComponent(() => import('../features/settings/SettingsPage'), 'SettingsPage'),
  ),
  page(
    '/widgets',
    lazyRouteComponent(() => import('./WidgetsPage'), 'WidgetsPage'),
  ),
] as const;

export const router = createRouter({
  routeTree: rootRoute.addChildren(routes),
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
