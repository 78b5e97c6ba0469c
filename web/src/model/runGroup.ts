// SPDX-License-Identifier: Apache-2.0
// Sessions and users: runs that belong together, and what they add up to.

import type { Period } from './aggregate';
import type { Cost } from './cost';
import { plainLine } from './plainLine';
import type { Run } from './run';

export type GroupKind = 'session' | 'user';

export interface RunGroup {
  readonly id: string;
  readonly runs: number;
  readonly failedRuns: number;
  readonly calls: number;
  readonly tokens: number;
  readonly cost: Cost;
  /** Of all runs together. */
  readonly durationSeconds: number;
  readonly firstNs: bigint | undefined;
  readonly lastNs: bigint | undefined;
  /** Users of a session or sessions of a user, some of them. */
  readonly others: readonly string[];
  readonly othersCount: number;
}

export interface RunGroupPage {
  readonly groups: readonly RunGroup[];
  readonly total: number;
  /** False: there are at least so many. */
  readonly isTotalExact: boolean;
  readonly nextCursor: string | undefined;
  readonly period: Period;
}

export interface RunGroupDetail {
  readonly group: RunGroup;
  /** The newest first. */
  readonly runs: readonly Run[];
  readonly hasMoreRuns: boolean;
  readonly period: Period;
}

/** What a run was asked and what it answered, in a few words. */
export interface Turn {
  readonly question: string | undefined;
  readonly answer: string | undefined;
  readonly error: string | undefined;
}

export interface TurnRow {
  readonly kind: string;
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly error: string | undefined;
}

/** The input of an agent is all that it was told, and its preview the last of it: may be what a tool gave. */
function isResult(input: string): boolean {
  return input.startsWith('"');
}

/**
 * From the first rows of a run: the question is the first text that anything was asked, the answer what the
 * root answered, else the last model, and the error the first one that any of them tells.
 */
export function turnOf(rows: readonly TurnRow[], isWhole: boolean, isFailed: boolean): Turn {
  const [root] = rows;
  const models = rows.filter((row) => row.kind === 'llm' && row.output !== undefined);
  const asked = rows.find(
    (row) => row.input !== undefined && ['agent', 'workflow', 'llm', 'task'].includes(row.kind),
  );
  const told = root?.input ?? asked?.input;
  const question = told !== undefined && isResult(told) ? (models[0]?.input ?? told) : told;
  const answer = root?.output ?? (isWhole ? models.at(-1)?.output : undefined);
  return {
    question: question === undefined ? undefined : plainLine(question),
    answer: answer === undefined ? undefined : plainLine(answer),
    error: isFailed
      ? (root?.error ?? rows.find((row) => row.error !== undefined)?.error)
      : undefined,
  };
}
