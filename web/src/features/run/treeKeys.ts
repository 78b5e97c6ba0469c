// SPDX-License-Identifier: Apache-2.0

import type { SpanTree } from '../../model/spanTree';

/** What a key does in the span tree, before anything is done. */
export type TreeMove =
  | { readonly kind: 'go'; readonly row: number }
  | { readonly kind: 'collapse' | 'expand'; readonly spanId: string }
  | { readonly kind: 'select'; readonly spanId: string };

export interface TreePosition {
  readonly tree: SpanTree;
  readonly rows: readonly number[];
  /** Where an index of the tree is among the rows; -1 for what is not. */
  readonly placeOf: (index: number) => number;
  /** Position in `rows` of the active row. */
  readonly active: number;
  readonly isCollapsed: (spanId: string) => boolean;
  readonly pageRows: number;
}

function goTo(position: TreePosition, row: number): TreeMove | undefined {
  const last = position.rows.length - 1;
  return last < 0 ? undefined : { kind: 'go', row: Math.min(last, Math.max(0, row)) };
}

function moveSideways(position: TreePosition, isRight: boolean): TreeMove | undefined {
  const { tree, rows, active } = position;
  const row = rows[active] ?? -1;
  const node = tree.nodes[row];
  if (node === undefined) return undefined;
  const { id } = node.span;
  const hasChildren = node.childCount > 0;
  if (isRight) {
    if (hasChildren && position.isCollapsed(id)) return { kind: 'expand', spanId: id };
    return hasChildren ? goTo(position, active + 1) : undefined;
  }
  if (hasChildren && !position.isCollapsed(id)) return { kind: 'collapse', spanId: id };
  const parentRow = position.placeOf(tree.parents[row] ?? -1);
  return parentRow >= 0 ? goTo(position, parentRow) : undefined;
}

/** The usual keys of a tree: arrows, Home, End, Page Up and Down and Enter to open the details. */
export function treeMove(key: string, position: TreePosition): TreeMove | undefined {
  const { active, rows, tree } = position;
  switch (key) {
    case 'ArrowDown':
      return goTo(position, active + 1);
    case 'ArrowUp':
      return goTo(position, active - 1);
    case 'PageDown':
      return goTo(position, active + position.pageRows);
    case 'PageUp':
      return goTo(position, active - position.pageRows);
    case 'Home':
      return goTo(position, 0);
    case 'End':
      return goTo(position, rows.length - 1);
    case 'ArrowRight':
      return moveSideways(position, true);
    case 'ArrowLeft':
      return moveSideways(position, false);
    case 'Enter':
    case ' ': {
      const node = tree.nodes[rows[active] ?? -1];
      return node === undefined ? undefined : { kind: 'select', spanId: node.span.id };
    }
    default:
      return undefined;
  }
}
