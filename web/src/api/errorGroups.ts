// SPDX-License-Identifier: Apache-2.0

import { useMemo } from 'react';
import { mergeGroups } from '../model/failures';
import type { ErrorGroup, FailureAnalysis } from '../model/failures';
import type { PageScope } from '../model/period';
import { useFailuresOf, useSums } from './sumQueries';

/** The server groups the failures of one workflow at a time; those with the most failures are asked. */
export const mostWorkflows = 16;

export interface ErrorGroups {
  /** Undefined until every workflow has answered or failed to. */
  readonly groups: readonly ErrorGroup[] | undefined;
  readonly analyses: readonly FailureAnalysis[];
  /** Workflows with failures that were not asked. */
  readonly skipped: number;
  /** Why some are missing. */
  readonly error: string | undefined;
  readonly refetch: () => void;
}

const failedMeasures = ['failed', 'count'];

/** What failed runs of all workflows have in common, and what is new of it. */
export function useErrorGroups(scope: PageScope, most = mostWorkflows): ErrorGroups {
  const failing = useSums(scope, { measures: failedMeasures, by: ['workflow_id'], limit: 1000 });
  const names = useMemo(
    () =>
      (failing.data?.groups ?? [])
        .filter(({ values }) => (values['failed'] ?? 0) > 0)
        .map(({ keys }) => keys['workflow_id'] ?? ''),
    [failing.data],
  );
  const asked = useMemo(() => names.slice(0, most), [names, most]);
  const now = useFailuresOf(scope, asked, 'period');
  const past = useFailuresOf(scope, asked, 'past');
  const isDone = failing.data !== undefined && now.every(({ isPending }) => !isPending);
  const isPastDone = past.every(({ data }) => data !== undefined);
  const failed = [failing, ...now, ...past].filter(({ isError }) => isError);
  const analyses = now.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const pastAnalyses = past.flatMap(({ data }) => (data === undefined ? [] : [data]));
  return {
    groups: isDone ? mergeGroups(analyses, isPastDone ? pastAnalyses : undefined) : undefined,
    analyses,
    skipped: Math.max(0, names.length - asked.length),
    error: failed[0]?.error?.message,
    refetch: () => failed.forEach(({ refetch }) => void refetch()),
  };
}
