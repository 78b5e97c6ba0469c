// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useSums } from '../../api/sumQueries';
import type { SumGroup, Sums } from '../../model/sums';
import { AnswerOf } from '../../parts/AnswerOf';
import { SumPage } from '../../parts/SumPage';
import { useAddress } from '../../parts/useAddress';
import { usePageScope } from '../../parts/usePageScope';
import { Button } from '../../ui/Button';
import { ColumnsMenu } from '../../ui/ColumnsMenu';
import { DataTable } from '../../ui/DataTable';
import type { RowLinkProps } from '../../ui/DataTable';
import type { Sort } from '../../ui/dataColumns';
import { EmptyState } from '../../ui/Notice';
import { TextField } from '../../ui/TextField';
import { texts } from './texts';
import { workflowColumns } from './workflowColumns';
import styles from './Workflows.module.css';

const usualTime = '7d';
const keys: readonly string[] = ['find', 'sort'];
const tableId = 'workflows';
const measures = [
  'count',
  'failed',
  'failure_rate',
  'p50_duration',
  'p95_duration',
  'cost',
  'average_cost',
];
const most = 500;
const byRuns: Sort = { columnId: 'runs', isDescending: true };

/** `-cost` is the dearest first. */
function readSort(text: string | undefined): Sort {
  if (text === undefined) return byRuns;
  const isDescending = text.startsWith('-');
  return { columnId: isDescending ? text.slice(1) : text, isDescending };
}

export function nameOf({ keys: names }: SumGroup): string {
  return names['workflow_id'] ?? '';
}

/** All workflows of a time, with how they did. */
export function WorkflowsPage() {
  const scope = usePageScope(usualTime, keys);
  const { search, change } = useAddress();
  const query = useSums(scope, {
    measures,
    by: ['workflow_id'],
    of: 'runs',
    steps: 24,
    limit: most,
  });
  const find = search['find'];
  const columns = useMemo(
    () => workflowColumns(query.data, scope.links),
    [query.data, scope.links],
  );
  return (
    <SumPage
      title={texts.title}
      scope={scope}
      testId="workflows-page"
      end={
        <>
          <TextField
            label={texts.find}
            icon="search"
            value={find ?? ''}
            onChange={(value) => change({ find: value === '' ? undefined : value })}
          />
          <ColumnsMenu tableId={tableId} columns={columns} />
        </>
      }
    >
      <AnswerOf query={query} what="workflows" lines={8}>
        {(sums) => (
          <WorkflowList sums={sums} find={find} columns={columns} sort={readSort(search['sort'])} />
        )}
      </AnswerOf>
    </SumPage>
  );
}

function WorkflowList(props: {
  readonly sums: Sums;
  readonly find: string | undefined;
  readonly columns: ReturnType<typeof workflowColumns>;
  readonly sort: Sort;
}): ReactNode {
  const { sums, find, columns } = props;
  const { scope, change } = useAddress();
  const link = useCallback(
    (group: SumGroup, rowLink: RowLinkProps) => (
      <Link
        to="/workflows/$name"
        params={{ name: nameOf(group) }}
        search={scope}
        dir="auto"
        {...rowLink}
      >
        {nameOf(group)}
      </Link>
    ),
    [scope],
  );
  const rows = useMemo(() => {
    const wanted = find?.toLowerCase();
    return sums.groups.filter(
      (group) => wanted === undefined || nameOf(group).toLowerCase().includes(wanted),
    );
  }, [sums, find]);
  if (sums.groups.length === 0)
    return <EmptyState title={texts.nothing}>{texts.nothingHint}</EmptyState>;
  if (rows.length === 0)
    return (
      <EmptyState title={texts.noMatch}>
        <Button onClick={() => change({ find: undefined })}>Show all of them</Button>
      </EmptyState>
    );
  return (
    <div className={styles.table}>
      <DataTable
        id={tableId}
        testId="workflows"
        caption={texts.title}
        columns={columns}
        rows={rows}
        idOf={nameOf}
        link={link}
        total={sums.totalGroups}
        sort={props.sort}
        onSort={({ columnId, isDescending }) =>
          change({ sort: `${isDescending ? '-' : ''}${columnId}` })
        }
        footer={
          sums.totalGroups > sums.groups.length
            ? `${sums.totalGroups - sums.groups.length} more are not listed`
            : undefined
        }
      />
    </div>
  );
}
