// SPDX-License-Identifier: Apache-2.0
// Where the boxes of a flame graph stand: outermost at the top, as wide as their share of what is zoomed to.

export interface FlameNode {
  /** Unlike all others of its tree. */
  readonly id: string;
  readonly name: string;
  /** Of itself and all below it. */
  readonly value: number;
  /** A style such as `var(--kind-llm)`. */
  readonly colour: string;
  /** The largest first. */
  readonly children: readonly FlameNode[];
}

export interface FlameBox {
  readonly node: FlameNode;
  /** Of the whole tree, from 0. */
  readonly depth: number;
  /** Left edge and width as shares of the width. */
  readonly x: number;
  readonly width: number;
}

/** From the root to a node; undefined for one that is not there. */
export function pathTo(root: FlameNode, id: string): readonly FlameNode[] | undefined {
  if (root.id === id) return [root];
  for (const child of root.children) {
    const below = pathTo(child, id);
    if (below !== undefined) return [root, ...below];
  }
  return undefined;
}

/** The boxes with `zoomed` as wide as all; narrower ones than `least` (a share) are left out. */
export function layoutFlame(root: FlameNode, zoomed: string, least: number): readonly FlameBox[] {
  const path = pathTo(root, zoomed) ?? [root];
  const boxes: FlameBox[] = [];
  path.slice(0, -1).forEach((node, depth) => boxes.push({ node, depth, x: 0, width: 1 }));
  const place = (node: FlameNode, depth: number, x: number, width: number): void => {
    if (width < least) return;
    boxes.push({ node, depth, x, width });
    let left = x;
    for (const child of node.children) {
      const share = node.value > 0 ? (width * child.value) / node.value : 0;
      place(child, depth + 1, left, share);
      left += share;
    }
  };
  const top = path.at(-1) ?? root;
  place(top, path.length - 1, 0, 1);
  return boxes;
}

/** Rows that the boxes take. */
export function flameDepth(node: FlameNode): number {
  return 1 + Math.max(0, ...node.children.map(flameDepth));
}

/** The box at a point: `x` is a share of the width, `depth` a row. */
export function boxAt(boxes: readonly FlameBox[], x: number, depth: number): FlameBox | undefined {
  return boxes.find((box) => box.depth === depth && x >= box.x && x < box.x + box.width);
}

/** The node that an arrow key leads to: up to the parent, down to the largest child, and to siblings. */
export function flameNeighbour(root: FlameNode, id: string, key: string): FlameNode | undefined {
  const path = pathTo(root, id);
  const node = path?.at(-1);
  const parent = path?.at(-2);
  if (node === undefined) return undefined;
  const siblings = parent?.children ?? [node];
  const place = siblings.findIndex((sibling) => sibling.id === id);
  switch (key) {
    case 'ArrowUp':
      return parent;
    case 'ArrowDown':
      return node.children[0];
    case 'ArrowLeft':
      return siblings[place - 1];
    case 'ArrowRight':
      return siblings[place + 1];
    case 'Home':
      return root;
    default:
      return undefined;
  }
}
