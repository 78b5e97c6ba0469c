// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useErrorGroups } from '../../api/errorGroups';
import { plural } from '../../base/format';
import type { ErrorGroup } from '../../model/failures';
import type { PageScope } from '../../model/period';
import { LinesSkeleton } from '../../parts/AnswerOf';
import { SumPage } from '../../parts/SumPage';
import { useAddress } from '../../parts/useAddress';
import { usePageScope } from '../../parts/usePageScope';
import { Button } from '../../ui/Button';
import { DataTable } from '../../ui/DataTable';
import type { RowLinkProps } from '../../ui/DataTable';
import type { Sort } from '../../ui/dataColumns';
import { EmptyState, ErrorNotice, Note } from '../../ui/Notice';
import { TextField } from '../../ui/TextField';
import { useClock } from '../../ui/useClock';
import { errorColumns } from './errorColumns';
import styles from './Errors.module.css';
import { texts } from './texts';

export const usualTime = '7d';
const keys: readonly string[] = ['find', 'sort'];
const byRuns: Sort = { columnId: 'runs', isDescending: true };

function readSort(text: string | undefined): Sort {
  if (text === undefined) return byRuns;
  const isDescending = text.startsWith('-');
  return { columnId: isDescending ? text.slice(1) : text, isDescending };
}

function matches(group: ErrorGroup, wanted: string): boolean {
  const all = [group.title, group.reason, ...group.workflows.map(({ id }) => id)];
  return all.some((text) => text.toLowerCase().includes(wanted));
}

/** Failed runs of all workflows, grouped by the problem. */
export function ErrorsPage() {
  const scope = usePageScope(usualTime, keys);
  const { search, change } = useAddress();
  const found = useErrorGroups(scope);
  return (
    <SumPage
      title={texts.title}
      scope={scope}
      testId="errors-page"
      end={
        <TextField
          label={texts.find}
          icon="search"
          value={search['find'] ?? ''}
          onChange={(value) => change({ find: value === '' ? undefined : value })}
        />
      }
    >
      {found.error !== undefined && (
        <ErrorNotice message={`Cannot load all errors: ${found.error}`} onRetry={found.refetch} />
      )}
      {found.skipped > 0 && (
        <Note>
          {plural(found.skipped, 'workflow')} with fewer failures{' '}
          {found.skipped === 1 ? 'is' : 'are'} not part of it.
        </Note>
      )}
      {found.groups === undefined ? (
        found.error === undefined && <LinesSkeleton lines={8} />
      ) : (
        <ErrorList
          groups={found.groups}
          scope={scope}
          find={search['find']}
          sort={readSort(search['sort'])}
          hasError={found.error !== undefined}
        />
      )}
    </SumPage>
  );
}

function idOf(group: ErrorGroup): string {
  return group.fingerprint;
}

function ErrorList(props: {
  readonly groups: readonly ErrorGroup[];
  readonly scope: PageScope;
  readonly find: string | undefined;
  readonly sort: Sort;
  readonly hasError: boolean;
}): ReactNode {
  const { groups, scope, find } = props;
  const { change } = useAddress();
  const clock = useClock();
  const columns = useMemo(() => errorColumns(scope.links, clock), [scope.links, clock]);
  const rows = useMemo(() => {
    const wanted = find?.toLowerCase();
    return wanted === undefined ? groups : groups.filter((group) => matches(group, wanted));
  }, [groups, find]);
  const link = useCallback(
    (group: ErrorGroup, rowLink: RowLinkProps) => (
      <Link
        to="/errors/$fingerprint"
        params={{ fingerprint: group.fingerprint }}
        search={scope.links}
        dir="auto"
        {...rowLink}
      >
        {group.title}
      </Link>
    ),
    [scope.links],
  );
  if (groups.length === 0)
    return props.hasError ? undefined : (
      <EmptyState title={texts.nothing}>{texts.nothingHint}</EmptyState>
    );
  if (rows.length === 0)
    return (
      <EmptyState title={texts.noMatch}>
        <Button onClick={() => change({ find: undefined })}>Show all of them</Button>
      </EmptyState>
    );
  return (
    <div className={styles.table}>
      <DataTable
        id="errors"
        testId="errors"
        caption={texts.title}
        columns={columns}
        rows={rows}
        idOf={idOf}
        link={link}
        sort={props.sort}
        onSort={({ columnId, isDescending }) =>
          change({ sort: `${isDescending ? '-' : ''}${columnId}` })
        }
      />
    </div>
  );
}
