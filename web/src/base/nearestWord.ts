// SPDX-License-Identifier: Apache-2.0

/** How many letters differ, at least: letters added, left out or replaced (Levenshtein). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 0; i < left.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < right.length; j++) {
      const replaced = (row[j] ?? 0) + (left[i] === right[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

const longestWord = 40;

/** The known word that was most likely meant; undefined when none is close. */
export function nearestWord<Word extends string>(
  word: string,
  known: readonly Word[],
): Word | undefined {
  if (word.length > longestWord) return undefined;
  const lower = word.toLowerCase();
  const beginning = known.find((other) => other.startsWith(lower) || other.startsWith(`${lower}_`));
  if (lower.length > 1 && beginning !== undefined) return beginning;
  let best: Word | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const other of known) {
    const letters = distance(lower, other);
    if (letters < least) {
      least = letters;
      best = other;
    }
  }
  return best;
}
