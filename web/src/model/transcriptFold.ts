// SPDX-License-Identifier: Apache-2.0
// Turns in which nothing happened but tools that worked are folded into one line: thirty turns of an agent
// then fit on two screens.

import { secondsBetween } from '../base/time';
import type { Cost } from './cost';
import type { Body } from './message';
import type { ThreadItem, TurnItem } from './transcript';

export interface FoldItem {
  readonly kind: 'fold';
  readonly key: string;
  readonly turns: readonly TurnItem[];
  /** Names of the tools and how often each was called, in the order of their first call. */
  readonly tools: readonly (readonly [name: string, count: number])[];
  /** From the start of the first to the last known end. */
  readonly seconds: number | undefined;
  readonly cost: Cost;
}

/** Fewer turns than these are not worth a line of their own. */
const leastTurns = 3;
/** A turn that said more than these characters is read. */
const longestText = 280;

function lengthOf(body: Body): number {
  if (body.kind === 'cut') return Infinity;
  return typeof body.value === 'string' ? body.value.length : 0;
}

function saidMuch({ entry }: TurnItem): boolean {
  const parts = entry.output.flatMap((message) => message.parts);
  const length = parts.reduce(
    (sum, part) => sum + (part.type === 'text' ? lengthOf(part.body) : 0),
    0,
  );
  return (
    length > longestText || parts.some((part) => part.type === 'media' || part.type === 'other')
  );
}

function isPlain(item: ThreadItem | undefined): item is TurnItem {
  if (item?.kind !== 'turn') return false;
  const { entry } = item;
  return (
    entry.turn > 1 &&
    entry.span.status === 'completed' &&
    entry.attempts.length === 0 &&
    entry.opens.length === 0 &&
    !entry.isRewritten &&
    entry.tools.length > 0 &&
    entry.tools.every(({ span }) => span === undefined || span.status === 'completed') &&
    !saidMuch(item)
  );
}

/** What turns cost together; `partial` where the price of one is not known. */
export function costOf(turns: readonly TurnItem[]): Cost {
  let usd = 0;
  let priced = 0;
  let unknown = 0;
  for (const { entry } of turns) {
    for (const { cost, isCounted } of [entry.span, ...entry.attempts]) {
      if (!isCounted || cost.kind === 'nothing') continue;
      if (cost.kind === 'unpriced' || cost.kind === 'partial') unknown++;
      if (cost.kind === 'unpriced') continue;
      usd += cost.usd;
      priced++;
    }
  }
  if (priced === 0) return unknown > 0 ? { kind: 'unpriced' } : { kind: 'nothing' };
  return { kind: unknown > 0 ? 'partial' : 'priced', usd };
}

function secondsOf(turns: readonly TurnItem[]): number | undefined {
  const start = turns[0]?.entry.span.startNs;
  let end: bigint | undefined;
  for (const { entry } of turns) {
    for (const { endNs } of [entry.span, ...entry.tools.map((tool) => tool.span ?? entry.span)])
      if (endNs !== undefined && (end === undefined || endNs > end)) end = endNs;
  }
  return start === undefined || end === undefined ? undefined : secondsBetween(start, end);
}

function toFold(turns: readonly TurnItem[]): FoldItem {
  const counts = new Map<string, number>();
  for (const { entry } of turns)
    for (const { name } of entry.tools) counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    kind: 'fold',
    key: `fold ${turns[0]?.key ?? ''}`,
    turns,
    tools: [...counts],
    seconds: secondsOf(turns),
    cost: costOf(turns),
  };
}

/** The same items with plain turns that follow each other folded; the last item is never among them. */
export function foldTurns(items: readonly ThreadItem[]): readonly (ThreadItem | FoldItem)[] {
  const folded: (ThreadItem | FoldItem)[] = [];
  for (let at = 0; at < items.length;) {
    const turns: TurnItem[] = [];
    for (let next = at; next < items.length - 1; next++) {
      const item = items[next];
      if (!isPlain(item)) break;
      turns.push(item);
    }
    const item = items[at];
    if (turns.length >= leastTurns) {
      folded.push(toFold(turns));
      at += turns.length;
    } else if (item !== undefined) {
      folded.push(item);
      at++;
    }
  }
  return folded;
}
