// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { buildSpanTree, makeSpan } from '../../model/spanBuilder';
import { visibleRows } from '../../model/spanTree';
import { treeMove } from './treeKeys';

const tree = buildSpanTree([
  makeSpan('a'),
  makeSpan('b', { parentId: 'a', startNs: 1n }),
  makeSpan('c', { parentId: 'b', startNs: 2n }),
  makeSpan('d', { parentId: 'a', startNs: 3n }),
]);

describe('treeMove', () => {
  it.each<[string, string, readonly string[], number, unknown]>([
    ['down', 'ArrowDown', [], 0, { kind: 'go', row: 1 }],
    ['down at the end stays', 'ArrowDown', [], 3, { kind: 'go', row: 3 }],
    ['up at the top stays', 'ArrowUp', [], 0, { kind: 'go', row: 0 }],
    ['end', 'End', [], 0, { kind: 'go', row: 3 }],
    ['page down stops at the last row', 'PageDown', [], 1, { kind: 'go', row: 3 }],
    ['right opens a closed row', 'ArrowRight', ['b'], 1, { kind: 'expand', spanId: 'b' }],
    ['right on an open row goes to its first child', 'ArrowRight', [], 1, { kind: 'go', row: 2 }],
    ['right on a leaf does nothing', 'ArrowRight', [], 2, undefined],
    ['left closes an open row', 'ArrowLeft', [], 1, { kind: 'collapse', spanId: 'b' }],
    ['left on a leaf goes to the parent', 'ArrowLeft', [], 3, { kind: 'go', row: 0 }],
    ['left on a closed row goes to the parent', 'ArrowLeft', ['b'], 1, { kind: 'go', row: 0 }],
    ['left on a closed root does nothing', 'ArrowLeft', ['a'], 0, undefined],
    ['enter opens the details', 'Enter', [], 2, { kind: 'select', spanId: 'c' }],
    ['letters do nothing', 'x', [], 0, undefined],
  ])('%s', (_name, key, collapsed, active, expected) => {
    const closed = new Set(collapsed);
    const rows = visibleRows(tree, closed);
    const position = {
      tree,
      rows,
      placeOf: (index: number) => rows.indexOf(index),
      active,
      pageRows: 10,
      isCollapsed: (id: string) => closed.has(id),
    };
    expect(treeMove(key, position)).toEqual(expected);
  });

  it('survives an empty tree', () => {
    const position = {
      tree: buildSpanTree([]),
      rows: [],
      placeOf: () => -1,
      active: 0,
      pageRows: 10,
      isCollapsed: () => false,
    };
    for (const key of ['ArrowDown', 'ArrowLeft', 'Enter', 'End'])
      expect(treeMove(key, position)).toBeUndefined();
  });
});
