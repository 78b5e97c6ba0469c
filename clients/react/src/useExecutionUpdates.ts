// SPDX-License-Identifier: Apache-2.0
'use client';
import { useMemo } from 'react';
import { type ExecutionUpdate, executionFeed } from './execution.js';
import { LiveConnection } from './LiveConnection.js';
import {
  type LiveOptions,
  type LiveResult,
  useConnection,
  useSurroundings,
} from './useConnection.js';

export interface ExecutionUpdatesOptions extends LiveOptions {
  /** Wait for an execution that has not started yet, instead of calling it unknown. */
  readonly wait?: boolean | undefined;
}

export interface ExecutionUpdatesResult extends LiveResult {
  /** Undefined before the first update. */
  readonly execution: ExecutionUpdate | undefined;
}

/**
 * One execution with its steps, kept up to date until it has ended.
 *
 * @param executionId - or a trace id; without one, the hook waits.
 */
export function useExecutionUpdates(
  executionId: string | null | undefined,
  options: ExecutionUpdatesOptions = {},
): ExecutionUpdatesResult {
  const { baseUrl, wait = false, enabled = true } = options;
  const surroundings = useSurroundings(options);
  const connection = useMemo(() => {
    if (!enabled || !executionId) return undefined;
    const feed = executionFeed({ baseUrl }, executionId, wait, surroundings.fetch);
    return new LiveConnection(feed, surroundings, surroundings.timing);
  }, [baseUrl, executionId, wait, enabled, surroundings]);
  const { value: execution, ...rest } = useConnection(connection);
  return { execution, ...rest };
}
