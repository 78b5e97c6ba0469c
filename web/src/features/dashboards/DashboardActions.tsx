// SPDX-License-Identifier: Apache-2.0

import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDashboardChanges } from '../../api/dashboardQueries';
import { fileName, fileText } from '../../model/dashboardFile';
import type { Dashboard } from '../../model/dashboard';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { download } from '../../ui/download';
import { ErrorNotice } from '../../ui/Notice';
import { texts } from './texts';

/** What can be done with a whole dashboard. */
export function DashboardActions(props: { readonly dashboard: Dashboard }) {
  const { dashboard } = props;
  const { name, description, document: content, isBuiltin, id } = dashboard;
  const { scope, change } = useAddress();
  const navigate = useNavigate();
  const { create, remove } = useDashboardChanges();
  const [isAsked, setAsked] = useState(false);
  const error = create.error ?? remove.error;
  const copy = async (): Promise<void> => {
    const made = { name: `${name} (copy)`, description, document: content };
    const copied = await create.mutateAsync(made);
    await navigate({
      to: '/dashboards/$dashboardId',
      params: { dashboardId: copied.id },
      search: { ...scope, edit: '1' },
    });
  };
  const drop = async (): Promise<void> => {
    await remove.mutateAsync(id);
    await navigate({ to: '/dashboards', search: scope });
  };
  return (
    <>
      <Link to="/dashboards" search={scope}>
        {texts.all}
      </Link>
      {!isBuiltin && <Button onClick={() => change({ edit: '1' })}>{texts.edit}</Button>}
      <Button disabled={create.isPending} onClick={() => void copy().catch(() => undefined)}>
        {texts.copy}
      </Button>
      <Button onClick={() => download(fileName(name), 'application/json', fileText(dashboard))}>
        {texts.exportFile}
      </Button>
      {!isBuiltin && !isAsked && (
        <Button onClick={() => setAsked(true)}>{`${texts.remove}…`}</Button>
      )}
      {isAsked && (
        <>
          <Button disabled={remove.isPending} onClick={() => void drop().catch(() => undefined)}>
            {`${texts.remove} “${name}”`}
          </Button>
          <Button look="quiet" onClick={() => setAsked(false)}>
            {texts.keep}
          </Button>
        </>
      )}
      {error !== null && <ErrorNotice message={`Cannot do that: ${error.message}`} />}
    </>
  );
}
