// SPDX-License-Identifier: Apache-2.0

export const statuses = ['running', 'completed', 'failed', 'cancelled', 'abandoned'] as const;

/** How a run, a step or a span stands; `unknown` is a word this page has never heard of. */
export type Status = (typeof statuses)[number] | 'unknown';

const aliases: ReadonlyMap<string, Status> = new Map([
  ...statuses.map((status): [string, Status] => [status, status]),
  ['ok', 'completed'],
  ['unset', 'completed'],
  ['success', 'completed'],
  ['error', 'failed'],
  ['pending', 'running'],
  ['canceled', 'cancelled'],
]);

export function toStatus(word: string | undefined): Status {
  return (word === undefined ? undefined : aliases.get(word.toLowerCase())) ?? 'unknown';
}

/** Nothing more is expected of such a run, though a straggler may come. An abandoned one may go on. */
export function isOver(status: Status): boolean {
  return status !== 'running' && status !== 'abandoned';
}
