// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { packLanes } from './lanePacking';
import type { LaneBox } from './lanePacking';

const box = (from: number, to: number, height = 1): LaneBox => ({ from, to, height });

describe('packLanes', () => {
  it.each([
    ['nothing', [], [], 0],
    ['one', [box(0, 1, 3)], [0], 3],
    ['one after the other', [box(0, 1), box(1, 2), box(2, 3)], [0, 0, 0], 1],
    ['side by side', [box(0, 3), box(1, 4), box(2, 5)], [0, 1, 2], 3],
    ['a lane is used again', [box(0, 10), box(1, 2), box(3, 4)], [0, 1, 1], 2],
    ['the topmost free lane', [box(0, 2), box(0, 9), box(0, 9), box(3, 4)], [0, 1, 2, 0], 3],
    ['high ones below each other', [box(0, 5, 3), box(1, 6, 2)], [0, 3], 5],
    ['a low one takes a high place', [box(0, 2, 3), box(1, 9), box(3, 4)], [0, 3, 0], 4],
    [
      'a high one does not fit into a low place',
      [box(0, 2), box(1, 9), box(3, 4, 2)],
      [0, 1, 2],
      4,
    ],
    ['after all have ended, from the top', [box(0, 5), box(1, 6), box(6, 7, 2)], [0, 1, 0], 2],
    ['points in time', [box(1, 1), box(1, 1)], [0, 0], 1],
    ['what never ends', [box(0, Infinity), box(5, 6), box(7, Infinity)], [0, 1, 1], 2],
  ])('%s', (_name, boxes, tops, height) => {
    expect(packLanes(boxes)).toEqual({ tops, height });
  });

  it('never puts two boxes onto each other', () => {
    // The same numbers each time.
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const boxes = Array.from({ length: 400 }, () => {
      const from = next(1000);
      return box(from, from + 1 + next(60), 1 + next(4));
    }).sort((left, right) => left.from - right.from);
    const { tops, height } = packLanes(boxes);
    boxes.forEach((one, i) => {
      const top = tops[i] ?? -1;
      expect(top + one.height).toBeLessThanOrEqual(height);
      boxes.slice(0, i).forEach((other, j) => {
        const otherTop = tops[j] ?? -1;
        const isSameTime = other.to > one.from && one.to > other.from;
        const isSameLane = otherTop < top + one.height && top < otherTop + other.height;
        expect(isSameTime && isSameLane).toBe(false);
      });
    });
  });

  it('puts 50,000 that all overlap below each other', () => {
    const boxes = Array.from({ length: 50_000 }, (_, i) => box(i, 100_000 + i));
    expect(packLanes(boxes).height).toBe(50_000);
  });
});
