// SPDX-License-Identifier: Apache-2.0
// What people and judges say of a run and its steps: scores, which have a value, and notes, which have none.

export type ScoreValue = number | string | boolean;

export interface Score {
  readonly id: string;
  readonly name: string;
  readonly value: ScoreValue;
  /** What the judge calls the outcome. */
  readonly label: string | undefined;
  /** Undefined when it is of the whole run. */
  readonly spanId: string | undefined;
  readonly comment: string | undefined;
  /** What kind of judge gave it. */
  readonly source: string;
  readonly author: string | undefined;
  readonly timeNs: bigint | undefined;
}

export interface Note {
  readonly id: string;
  readonly text: string;
  /** Undefined when it is of the whole run. */
  readonly spanId: string | undefined;
  readonly author: string | undefined;
  readonly timeNs: bigint | undefined;
}

/** The newest ones, and whether there are more. */
export interface NewestOf<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

export interface ScoreInput {
  readonly name: string;
  readonly value: ScoreValue;
  readonly comment: string | undefined;
  readonly spanId: string | undefined;
}

/** A number, yes or no, or else a category, as it was typed. */
export function parseScoreValue(typed: string): ScoreValue | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (/^(yes|true)$/i.test(text)) return true;
  if (/^(no|false)$/i.test(text)) return false;
  const isNumber = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(text);
  return isNumber ? Number(text.replace(',', '.')) : text;
}

function plainValue(value: ScoreValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : value;
}

/** The value as it is read, with what the judge calls it. */
export function scoreText({ value, label }: Pick<Score, 'value' | 'label'>): string {
  const plain = plainValue(value);
  return label === undefined || label === plain ? plain : `${plain} (${label})`;
}

/** Of each name the newest score of the whole run; the list has the newest first. */
export function newestOfRun(scores: readonly Score[]): readonly Score[] {
  const byName = new Map<string, Score>();
  for (const score of scores)
    if (score.spanId === undefined && !byName.has(score.name)) byName.set(score.name, score);
  return [...byName.values()];
}
