// SPDX-License-Identifier: Apache-2.0
// Two texts word by word: the longest common sequence of words and the blanks between them.

export interface DiffPiece {
  /** `left` and `right`: only in that text. */
  readonly side: 'both' | 'left' | 'right';
  readonly text: string;
}

/** More pairs of words than these are not compared each with each; the differing parts are shown whole. */
const mostPairs = 4_000_000;

function wordsOf(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/** Adjacent pieces of one side are one piece. */
function join(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  const joined: { side: DiffPiece['side']; text: string }[] = [];
  for (const { side, text } of pieces) {
    const last = joined.at(-1);
    if (text === '') continue;
    if (last?.side === side) last.text += text;
    else joined.push({ side, text });
  }
  return joined;
}

/** Changes with nothing but blanks between them read as one change. */
function joinAcrossBlanks(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  const joined: DiffPiece[] = [];
  let left = '';
  let right = '';
  const flush = (): void => {
    joined.push({ side: 'left', text: left }, { side: 'right', text: right });
    left = '';
    right = '';
  };
  pieces.forEach(({ side, text }, index) => {
    const isInside = left + right !== '' && index < pieces.length - 1;
    if (side === 'both' && !(isInside && text.trim() === '')) {
      flush();
      joined.push({ side, text });
      return;
    }
    if (side !== 'right') left += text;
    if (side !== 'left') right += text;
  });
  flush();
  return join(joined);
}

/** For each place of both, the length of the longest common sequence from there on. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint32Array {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        left[i] === right[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  return lengths;
}

function diffMiddle(left: readonly string[], right: readonly string[]): readonly DiffPiece[] {
  const whole: readonly DiffPiece[] = [
    { side: 'left', text: left.join('') },
    { side: 'right', text: right.join('') },
  ];
  if (left.length * right.length > mostPairs) return whole;
  const lengths = commonLengths(left, right);
  const width = right.length + 1;
  const pieces: DiffPiece[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) {
      pieces.push({ side: 'both', text: left[i] ?? '' });
      i++;
      j++;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) {
      pieces.push({ side: 'left', text: left[i] ?? '' });
      i++;
    } else {
      pieces.push({ side: 'right', text: right[j] ?? '' });
      j++;
    }
  }
  pieces.push({ side: 'left', text: left.slice(i).join('') });
  pieces.push({ side: 'right', text: right.slice(j).join('') });
  return pieces;
}

/** What both texts share and what only one of them has, in reading order. */
export function diffWords(leftText: string, rightText: string): readonly DiffPiece[] {
  const left = wordsOf(leftText);
  const right = wordsOf(rightText);
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end])
    end++;
  const pieces = join([
    { side: 'both', text: left.slice(0, start).join('') },
    ...diffMiddle(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    { side: 'both', text: left.slice(left.length - end).join('') },
  ]);
  return joinAcrossBlanks(pieces);
}
