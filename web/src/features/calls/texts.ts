// SPDX-License-Identifier: Apache-2.0
// What the list of calls says.

export const texts = {
  title: 'Calls',
  loadingMore: 'Loading more calls…',
  nothing: 'No call matches these filters',
  none: 'No call has ended yet',
  noneHint: 'Calls of models and tools are listed here once they have ended.',
  notInList: 'This call is not in the list',
  notInListHint: 'The filters leave it out, or it is further down.',
} as const;

/** What a list of one kind, or of all, is called. */
export function titleOf(kind: string | undefined, parts: readonly string[]): string {
  const what = kind === 'llm' ? 'Model calls' : kind === 'tool' ? 'Tool calls' : texts.title;
  const others = kind === 'llm' || kind === 'tool' || kind === undefined ? [] : [kind];
  const all = [...others, ...parts];
  return all.length === 0 ? what : `${what}: ${all.join(', ')}`;
}
