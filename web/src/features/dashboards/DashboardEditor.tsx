// SPDX-License-Identifier: Apache-2.0

import { useNavigate } from '@tanstack/react-router';
import { useId, useRef, useState } from 'react';
import { useDashboardChanges } from '../../api/dashboardQueries';
import { ApiError } from '../../api/httpClient';
import { placePanel } from '../../model/dashboard';
import type { Dashboard, Panel, PanelPosition } from '../../model/dashboard';
import {
  addPanel,
  closeGaps,
  duplicatePanel,
  mostPanels,
  movePanels,
  replacePanel,
} from '../../model/dashboardEdits';
import type { RunFilter } from '../../model/filterFields';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { Flow, FlowNote } from '../../ui/Flow';
import { FormField } from '../../ui/FormField';
import { ErrorNotice } from '../../ui/Notice';
import { narrowQuery, useMediaQuery } from '../../ui/useMediaQuery';
import styles from './Dashboards.module.css';
import { EditGrid } from './EditGrid';
import { LeaveGuard } from './LeaveGuard';
import { PanelForm } from './PanelForm';
import { titleOf } from './PanelFrame';
import { PanelGrid } from './PanelGrid';
import { PanelScopeContext } from './panelScope';
import { PanelTools } from './PanelTools';
import { texts } from './texts';
import { useDraft } from './useDraft';
import type { Draft } from './useDraft';
import { noValues, usePanelScope } from './useVariables';
import { VariablesEditor } from './VariablesEditor';

/** A dashboard while it is changed; nothing is stored before it is saved. */
export function DashboardEditor(props: {
  readonly dashboard: Dashboard;
  readonly time: RunFilter;
}) {
  const { time } = props;
  const { change, scope: links } = useAddress();
  const navigate = useNavigate();
  const { create, replace } = useDashboardChanges();
  const draft = useDraft(props.dashboard);
  const { dashboard } = draft;
  const mayLeave = useRef(false);
  const scope = usePanelScope(dashboard.document.variables, time);
  const leave = (): void => {
    mayLeave.current = true;
    const { variables } = props.dashboard.document;
    change({ ...noValues(variables), edit: undefined });
  };
  const save = async (): Promise<void> => {
    await replace.mutateAsync(dashboard);
    leave();
  };
  const saveCopy = async (): Promise<void> => {
    const copied = await create.mutateAsync({ ...dashboard, name: `${dashboard.name} (copy)` });
    mayLeave.current = true;
    await navigate({
      to: '/dashboards/$dashboardId',
      params: { dashboardId: copied.id },
      search: links,
    });
  };
  const error = replace.error ?? create.error;
  const isOvertaken = replace.error instanceof ApiError && replace.error.status === 409;
  return (
    <Flow
      title={props.dashboard.name}
      testId="dashboard-editor"
      head={
        <>
          <Button disabled={replace.isPending} onClick={() => void save().catch(() => undefined)}>
            {texts.save}
          </Button>
          <Button look="quiet" onClick={leave}>
            {texts.leave}
          </Button>
        </>
      }
    >
      <LeaveGuard isChanged={draft.isChanged} mayLeave={mayLeave} />
      {error !== null && <ErrorNotice message={`Cannot save this dashboard: ${error.message}`} />}
      {isOvertaken && (
        <div className={styles.buttons}>
          <Button onClick={() => void saveCopy().catch(() => undefined)}>{texts.saveCopy}</Button>
        </div>
      )}
      <div className={styles.pair}>
        <FormField
          label={texts.name}
          maxLength={200}
          value={dashboard.name}
          onChange={(name) => draft.change({ name })}
        />
        <FormField
          label={texts.description}
          maxLength={2000}
          value={dashboard.description}
          onChange={(description) => draft.change({ description })}
        />
      </div>
      <VariablesEditor document={dashboard.document} onChange={draft.setDocument} />
      <PanelScopeContext value={scope}>
        <PanelsEditor draft={draft} time={time} />
      </PanelScopeContext>
    </Flow>
  );
}

/** Where a panel is, for whoever moves it without seeing it. */
function placeText(panel: Panel): string {
  const { x, y, w, h } = panel.position;
  return `${titleOf(panel)}: column ${x + 1}, row ${y + 1}, ${w} wide, ${h} high`;
}

function PanelsEditor(props: { readonly draft: Draft; readonly time: RunFilter }) {
  const { draft, time } = props;
  const { panels, variables } = draft.dashboard.document;
  const isNarrow = useMediaQuery(narrowQuery);
  const [editedId, setEditedId] = useState<string>();
  const [said, setSaid] = useState('');
  const hintId = useId();
  const add = useRef<HTMLSpanElement>(null);
  const edited = panels.find(({ id }) => id === editedId);
  const onAdd = (): void => {
    const next = addPanel(panels);
    draft.setPanels(next);
    setEditedId(next.at(-1)?.id);
  };
  const onPlace = (panel: Panel, place: PanelPosition): void => {
    const placed = placePanel(panels, panel.id, place);
    draft.setPanels(placed);
    const moved = placed.find(({ id }) => id === panel.id);
    if (moved !== undefined) setSaid(placeText(moved));
  };
  const onRemove = (panel: Panel): void => {
    draft.setPanels(panels.filter(({ id }) => id !== panel.id));
    add.current?.querySelector('button')?.focus();
  };
  const tools = (panel: Panel) => (
    <PanelTools
      panel={panel}
      hintId={hintId}
      onPlace={isNarrow ? undefined : (place) => onPlace(panel, place)}
      onEdit={() => setEditedId(panel.id)}
      onDuplicate={() => draft.setPanels(duplicatePanel(panels, panel))}
      onRemove={() => onRemove(panel)}
    />
  );
  return (
    <>
      <span ref={add} className={styles.buttons}>
        <Button disabled={panels.length >= mostPanels} onClick={onAdd}>
          {texts.addPanel}
        </Button>
        <Button look="quiet" onClick={() => draft.setPanels(closeGaps(panels))}>
          {texts.closeGaps}
        </Button>
        <FlowNote>{isNarrow ? texts.narrowHint : texts.gridHint}</FlowNote>
      </span>
      <span id={hintId} className="visually-hidden">
        {texts.handleHint}
      </span>
      <span role="status" className="visually-hidden">
        {said}
      </span>
      {isNarrow ? (
        <PanelGrid panels={panels} tools={tools} />
      ) : (
        <EditGrid
          panels={panels}
          tools={tools}
          onMove={(places) => draft.setPanels(movePanels(panels, places))}
        />
      )}
      {edited !== undefined && (
        <PanelForm
          key={edited.id}
          panel={edited}
          variables={variables}
          time={time}
          onChange={(panel) => draft.setPanels(replacePanel(panels, panel))}
          onClose={() => setEditedId(undefined)}
        />
      )}
    </>
  );
}
