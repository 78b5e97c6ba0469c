// SPDX-License-Identifier: Apache-2.0

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNotice, Skeleton } from '../ui/Notice';

type Asked<Data> = Pick<UseQueryResult<Data>, 'data' | 'isError' | 'error' | 'refetch'>;

/** Grey lines of the height that an answer will take. */
export function LinesSkeleton(props: { readonly lines: number }) {
  return (
    <div aria-busy="true" data-testid="loading">
      {Array.from({ length: props.lines }, (_, index) => (
        <div key={index} style={{ height: 26 }}>
          <Skeleton width={`${90 - ((index * 17) % 40)}%`} />
        </div>
      ))}
    </div>
  );
}

/** What was asked for, or that it is on the way, or why it is not there. An old answer stays below an error. */
export function AnswerOf<Data>(props: {
  readonly query: Asked<Data>;
  /** Completes "Cannot load …". */
  readonly what: string;
  readonly lines?: number;
  children(this: void, data: Data): ReactNode;
}) {
  const { data, isError, error, refetch } = props.query;
  return (
    <>
      {isError && (
        <ErrorNotice
          message={`Cannot load ${props.what}: ${error?.message ?? 'no reason was given'}`}
          onRetry={() => void refetch()}
        />
      )}
      {data !== undefined && props.children(data)}
      {data === undefined && !isError && <LinesSkeleton lines={props.lines ?? 4} />}
    </>
  );
}
