// SPDX-License-Identifier: Apache-2.0

import type { Dashboard } from '../../model/dashboard';
import type { RunFilter } from '../../model/filterFields';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { Flow, FlowNote } from '../../ui/Flow';
import { EmptyState } from '../../ui/Notice';
import { DashboardActions } from './DashboardActions';
import { PanelGrid } from './PanelGrid';
import { PanelScopeContext } from './panelScope';
import { texts } from './texts';
import { usePanelScope } from './useVariables';
import { VariableFields } from './VariableFields';

/** A dashboard as it is looked at. */
export function DashboardView(props: { readonly dashboard: Dashboard; readonly time: RunFilter }) {
  const { dashboard, time } = props;
  const { panels, variables } = dashboard.document;
  const { change } = useAddress();
  const scope = usePanelScope(variables, time);
  return (
    <Flow
      title={dashboard.name}
      testId="dashboard"
      head={<DashboardActions dashboard={dashboard} />}
    >
      {dashboard.description !== '' && <FlowNote>{dashboard.description}</FlowNote>}
      <VariableFields variables={variables} values={scope.values} time={time} />
      {panels.length === 0 ? (
        <EmptyState title={texts.noPanel}>
          {!dashboard.isBuiltin && (
            <Button onClick={() => change({ edit: '1' })}>{texts.edit}</Button>
          )}
        </EmptyState>
      ) : (
        <PanelScopeContext value={scope}>
          <PanelGrid panels={panels} />
        </PanelScopeContext>
      )}
    </Flow>
  );
}
