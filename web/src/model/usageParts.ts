// SPDX-License-Identifier: Apache-2.0

import type { Usage } from './span';

export interface UsagePart {
  readonly id: 'cached' | 'written' | 'new' | 'out' | 'reasoning';
  readonly label: string;
  readonly tokens: number;
}

/**
 * What a call's tokens were, without overlaps, for a bar of them: of the input what came from a cache, was
 * written to one, or neither; of the output what was reasoning, or not. Empty where the figures contradict
 * each other, as a part that is more than its whole.
 */
export function usageParts(usage: Usage | undefined): readonly UsagePart[] {
  if (usage?.inputTotal === undefined && usage?.outputTotal === undefined) return [];
  const { cacheRead = 0, cacheWrite = 0, reasoning = 0, inputTotal = 0, outputTotal = 0 } = usage;
  const fresh = inputTotal - cacheRead - cacheWrite;
  const spoken = outputTotal - reasoning;
  if (fresh < 0 || spoken < 0) return [];
  const parts: readonly UsagePart[] = [
    { id: 'cached', label: 'cached', tokens: cacheRead },
    { id: 'written', label: 'written to cache', tokens: cacheWrite },
    { id: 'new', label: cacheRead + cacheWrite > 0 ? 'new' : 'in', tokens: fresh },
    { id: 'out', label: 'out', tokens: spoken },
    { id: 'reasoning', label: 'reasoning', tokens: reasoning },
  ];
  return parts.filter(({ tokens }) => tokens > 0);
}

/** Tokens a second while it answered; undefined without the time of its first token. */
export function outputRate(
  usage: Usage | undefined,
  seconds: number | undefined,
  firstTokenSeconds: number | undefined,
): number | undefined {
  if (usage?.outputTotal === undefined || seconds === undefined || firstTokenSeconds === undefined)
    return undefined;
  const spent = seconds - firstTokenSeconds;
  return spent > 0 ? usage.outputTotal / spent : undefined;
}
