// SPDX-License-Identifier: Apache-2.0

import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useDashboard } from '../../api/dashboardQueries';
import type { Dashboard } from '../../model/dashboard';
import { parsePageAddress } from '../../model/pageAddress';
import { AddressProblems } from '../../parts/AddressProblems';
import { useAddress } from '../../parts/useAddress';
import { Flow } from '../../ui/Flow';
import { ErrorNotice, Skeleton } from '../../ui/Notice';
import { usePageTitle } from '../../ui/usePageTitle';
import { DashboardView } from './DashboardView';
import { texts } from './texts';
import { variableKey } from './useVariables';

/** With the library that drags panels; loaded by whoever edits a dashboard. */
const DashboardEditor = lazy(async () => ({
  default: (await import('./DashboardEditor')).DashboardEditor,
}));

/** One dashboard over the time of the page, or the editor of it. */
export function DashboardPage() {
  const { dashboardId } = useParams({ strict: false });
  const query = useDashboard(dashboardId ?? '');
  const { scope } = useAddress();
  usePageTitle(query.data?.name ?? 'Dashboard');
  if (query.data !== undefined) return <Loaded dashboard={query.data} />;
  return (
    <Flow
      title="Dashboard"
      head={
        <Link to="/dashboards" search={scope}>
          {texts.all}
        </Link>
      }
    >
      {query.isError ? (
        <ErrorNotice
          message={`Cannot load this dashboard: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Skeleton width="60%" />
      )}
    </Flow>
  );
}

function Loaded(props: { readonly dashboard: Dashboard }) {
  const { dashboard } = props;
  const { search, change } = useAddress();
  const { variables } = dashboard.document;
  const { filter, problems } = useMemo(
    () =>
      parsePageAddress(
        search,
        [],
        [{ key: 'edit', values: ['1'] }],
        variables.map(({ name }) => variableKey(name)),
      ),
    [search, variables],
  );
  if (problems.length > 0)
    return (
      <Flow title={dashboard.name}>
        <AddressProblems problems={problems} onChange={change} />
      </Flow>
    );
  if (search['edit'] !== '1' || dashboard.isBuiltin)
    return <DashboardView dashboard={dashboard} time={filter} />;
  return (
    <Suspense fallback={<Flow title={dashboard.name}>{<Skeleton width="60%" />}</Flow>}>
      <DashboardEditor dashboard={dashboard} time={filter} />
    </Suspense>
  );
}
