// SPDX-License-Identifier: Apache-2.0

import type { JsonObject } from '../base/json';
import type { Cost } from './cost';
import type { Sign } from './sign';
import type { Span } from './span';
import type { Status } from './status';

/** One run (execution) as the list shows it. */
export interface Run {
  readonly traceId: string;
  readonly workflowId: string | undefined;
  readonly executionId: string | undefined;
  readonly name: string;
  readonly status: Status;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  readonly durationSeconds: number | undefined;
  readonly spanCount: number | undefined;
  readonly errorCount: number | undefined;
  readonly agent: string | undefined;
  readonly service: string | undefined;
  readonly sessionId: string | undefined;
  readonly userId: string | undefined;
  readonly models: readonly string[];
  readonly totalTokens: number | undefined;
  readonly cost: Cost;
  readonly isDemo: boolean;
  /** Signs of trouble, newest last. */
  readonly signs: readonly Sign[];
}

export interface LogLine {
  readonly timeNs: bigint | undefined;
  readonly level: string;
  readonly message: string;
  readonly spanId: string | undefined;
  readonly metadata: JsonObject | undefined;
}

/** A run with the rows of its tree, or with the first of them. */
export interface Trace {
  readonly run: Run;
  readonly spans: readonly Span[];
  /** How many rows there are. */
  readonly total: number;
}

export interface RunPage {
  readonly runs: readonly Run[];
  /** How many match, on all pages. */
  readonly total: number | undefined;
  /** False where the server only knows that there are at least so many. */
  readonly isTotalExact: boolean;
  /** The UTC day in which a search for a text stopped; undefined when it looked at everything. */
  readonly searchedFrom?: string | undefined;
  readonly nextCursor: string | undefined;
}

/** The runs of several pages, each once: a page fetched later wins, the order of the pages stays. */
export function joinRunPages(pages: readonly RunPage[]): readonly Run[] {
  const byId = new Map<string, Run>();
  for (const page of pages) {
    for (const run of page.runs) byId.set(run.traceId, run);
  }
  return [...byId.values()];
}
