// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { boxAt, flameDepth, flameNeighbour, layoutFlame, pathTo } from './flameLayout';
import type { FlameNode } from './flameLayout';

const node = (id: string, value: number, ...children: FlameNode[]): FlameNode => ({
  id,
  name: id,
  value,
  colour: 'var(--accent)',
  children,
});
const tree = node('all', 10, node('a', 6, node('a1', 3)), node('b', 4));

const told = (zoomed: string, least = 0) =>
  layoutFlame(tree, zoomed, least).map(
    ({ node: { id }, depth, x, width }) => `${id} ${depth} ${x} ${width}`,
  );

describe('layoutFlame', () => {
  it('gives each its share, in the row of its depth', () => {
    expect(told('all')).toEqual(['all 0 0 1', 'a 1 0 0.6', 'a1 2 0 0.3', 'b 1 0.6 0.4']);
  });
  it('makes what is zoomed to and all above it as wide as the whole', () => {
    expect(told('a')).toEqual(['all 0 0 1', 'a 1 0 1', 'a1 2 0 0.5']);
  });
  it('leaves out what is too narrow to be seen', () => {
    expect(told('all', 0.5)).toEqual(['all 0 0 1', 'a 1 0 0.6']);
  });
  it('shows everything where the zoomed one is not there', () => {
    expect(told('gone')).toEqual(told('all'));
  });
  it('draws nothing below what has no value', () => {
    expect(layoutFlame(node('all', 0, node('a', 0)), 'all', 0.001)).toHaveLength(1);
  });
});

describe('walking', () => {
  it.each([
    ['a', 'ArrowUp', 'all'],
    ['all', 'ArrowDown', 'a'],
    ['a', 'ArrowRight', 'b'],
    ['b', 'ArrowLeft', 'a'],
    ['a1', 'Home', 'all'],
    ['a', 'ArrowLeft', undefined],
    ['a', 'x', undefined],
    ['gone', 'ArrowUp', undefined],
  ])('from %s by %s', (from, key, to) => expect(flameNeighbour(tree, from, key)?.id).toBe(to));

  it('finds the box below a point', () => {
    const boxes = layoutFlame(tree, 'all', 0);
    expect(boxAt(boxes, 0.7, 1)?.node.id).toBe('b');
    expect(boxAt(boxes, 0.7, 2)).toBeUndefined();
  });
  it('knows how deep it is and the way down', () => {
    expect(flameDepth(tree)).toBe(3);
    expect(pathTo(tree, 'a1')?.map(({ id }) => id)).toEqual(['all', 'a', 'a1']);
  });
});
