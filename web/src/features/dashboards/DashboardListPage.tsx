// SPDX-License-Identifier: Apache-2.0

import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { decodeDocument, useDashboardChanges, useDashboards } from '../../api/dashboardQueries';
import type { NewDashboard } from '../../api/dashboardQueries';
import { isObject, readText } from '../../base/json';
import { formatCount } from '../../base/format';
import type { DashboardHead } from '../../model/dashboard';
import type { SearchTexts } from '../../model/searchTexts';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import type { Column } from '../../ui/dataColumns';
import { FileButton } from '../../ui/FileButton';
import { Flow } from '../../ui/Flow';
import { FormField } from '../../ui/FormField';
import { ErrorNotice } from '../../ui/Notice';
import { Popover } from '../../ui/Popover';
import { ShortTable } from '../../ui/ShortTable';
import { Tag } from '../../ui/Tag';
import { usePageTitle } from '../../ui/usePageTitle';
import styles from './Dashboards.module.css';
import { texts } from './texts';

const mostBytes = 256 * 1024;
const mostNameLength = 200;

/** A dashboard from a file that was exported; throws what is wrong with it in words. */
async function readFile(file: File): Promise<NewDashboard> {
  if (file.size > mostBytes) throw new Error('the file is larger than 256 KB');
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch {
    throw new Error('the file is not JSON');
  }
  if (!isObject(value)) throw new Error('the file holds no dashboard');
  return {
    name: readText(value, 'name') ?? file.name.replace(/\.json$/, ''),
    description: readText(value, 'description') ?? '',
    document: decodeDocument(value['document']),
  };
}

function makeColumns(scope: SearchTexts): readonly Column<DashboardHead>[] {
  return [
    {
      id: 'name',
      label: 'Dashboard',
      isFixed: true,
      skeleton: 120,
      cell: (one) => (
        <>
          <Link to="/dashboards/$dashboardId" params={{ dashboardId: one.id }} search={scope}>
            <bdi>{one.name}</bdi>
          </Link>{' '}
          {one.isBuiltin && <Tag title={texts.builtinHint}>{texts.builtin}</Tag>}
        </>
      ),
    },
    {
      id: 'description',
      label: 'What it shows',
      isMuted: true,
      fromWidth: 640,
      skeleton: 200,
      title: (one) => one.description,
      cell: (one) => <bdi>{one.description}</bdi>,
    },
    {
      id: 'panels',
      label: 'Panels',
      isFigure: true,
      width: 72,
      skeleton: 20,
      cell: (one) => formatCount(one.panelCount),
    },
  ];
}

/** Nothing is made before it has a name. */
function NewForm(props: { readonly onMake: (name: string) => Promise<void> }) {
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name.trim() === '' || isBusy) return;
    setBusy(true);
    void props.onMake(name.trim()).finally(() => setBusy(false));
  };
  return (
    <form className={styles.form} aria-label={texts.make} onSubmit={onSubmit}>
      <FormField
        label={texts.name}
        isRequired
        maxLength={mostNameLength}
        value={name}
        onChange={setName}
      />
      <div>
        <Button type="submit" disabled={name.trim() === '' || isBusy}>
          {texts.makeIt}
        </Button>
      </div>
    </form>
  );
}

/** Dashboards that come with the program and those that people have made. */
export function DashboardListPage() {
  usePageTitle(texts.title);
  const { scope } = useAddress();
  const query = useDashboards();
  const { create } = useDashboardChanges();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string>();
  const add = async (make: () => Promise<NewDashboard>): Promise<void> => {
    try {
      const { id } = await create.mutateAsync(await make());
      setProblem(undefined);
      await navigate({
        to: '/dashboards/$dashboardId',
        params: { dashboardId: id },
        search: { ...scope, edit: '1' },
      });
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <Flow
      title={texts.title}
      testId="dashboards"
      head={
        <>
          <Popover label={texts.make} face={texts.make}>
            <NewForm
              onMake={(name) =>
                add(() =>
                  Promise.resolve({
                    name,
                    description: '',
                    document: { variables: [], panels: [] },
                  }),
                )
              }
            />
          </Popover>
          <FileButton
            accept="application/json,.json"
            onFile={(file) => void add(() => readFile(file))}
          >
            {texts.importFile}
          </FileButton>
        </>
      }
    >
      {problem !== undefined && <ErrorNotice message={`Cannot add a dashboard: ${problem}`} />}
      {query.isError && (
        <ErrorNotice
          message={`Cannot load dashboards: ${query.error.message}`}
          onRetry={() => void query.refetch()}
        />
      )}
      {!query.isError && (
        <ShortTable
          id="dashboards"
          caption={texts.title}
          columns={makeColumns(scope)}
          rows={query.data}
          idOf={(one) => one.id}
        />
      )}
    </Flow>
  );
}
