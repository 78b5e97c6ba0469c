// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { readingOrder } from '../../model/dashboard';
import type { Dashboard, DashboardDocument, Panel } from '../../model/dashboard';

export interface Draft {
  readonly dashboard: Dashboard;
  readonly isChanged: boolean;
  readonly change: (change: Partial<Pick<Dashboard, 'name' | 'description'>>) => void;
  readonly setDocument: (document: DashboardDocument) => void;
  readonly setPanels: (panels: readonly Panel[]) => void;
}

/** Panels keep their order while they are moved, so that the focus stays where it is. */
function inOrder(dashboard: Dashboard): Dashboard {
  const { variables, panels } = dashboard.document;
  return { ...dashboard, document: { variables, panels: readingOrder(panels) } };
}

/** A dashboard while it is changed; what others save meanwhile does not touch it. */
export function useDraft(stored: Dashboard): Draft {
  const [first] = useState(() => inOrder(stored));
  const [dashboard, setDashboard] = useState(first);
  const setDocument = (document: DashboardDocument): void =>
    setDashboard((before) => ({ ...before, document }));
  return {
    dashboard,
    isChanged: JSON.stringify(dashboard) !== JSON.stringify(first),
    change: (change) => setDashboard((before) => ({ ...before, ...change })),
    setDocument,
    setPanels: (panels) =>
      setDashboard((before) => ({ ...before, document: { ...before.document, panels } })),
  };
}
