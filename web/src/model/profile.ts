// SPDX-License-Identifier: Apache-2.0
// What steps of many runs did themselves, summed up by where they stand.

import type { Sample } from './bottlenecks';

export const profileWeights = ['time', 'cost', 'tokens'] as const;
export type ProfileWeight = (typeof profileWeights)[number];

/** The same in every tree: agent, then steps, then tools or models. */
export interface ProfileNode {
  /** The names from the outermost on, joined. */
  readonly id: string;
  readonly name: string;
  /** Of itself and all below it. */
  readonly value: number;
  readonly colour: string;
  readonly children: readonly ProfileNode[];
}

export interface Stack {
  /** The outermost first. */
  readonly frames: readonly string[];
  readonly weight: number;
}

export interface Profile {
  /** The sum of the weights. */
  readonly total: number;
  readonly stacks: readonly Stack[];
  readonly sample: Sample;
  readonly unpricedCalls: number;
}

interface Growing {
  readonly name: string;
  value: number;
  readonly children: Map<string, Growing>;
}

/** Deeper frames than this are added to the last one that is shown. */
const deepest = 64;
/** By how deep a box stands, so that neighbours in a column differ. */
const colours = [
  'agent',
  'workflow',
  'llm',
  'tool',
  'retriever',
  'embedding',
  'evaluator',
] as const;

function finish(node: Growing, id: string, depth: number): ProfileNode {
  const children = [...node.children.values()].sort((left, right) => right.value - left.value);
  return {
    id,
    name: node.name,
    value: node.value,
    colour:
      depth === 0
        ? 'var(--quiet)'
        : `var(--kind-${colours[(depth - 1) % colours.length] ?? 'other'})`,
    children: children.map((child) => finish(child, `${id}\n${child.name}`, depth + 1)),
  };
}

/** The stacks as a tree, the largest first at every level. */
export function profileTree({ stacks }: Profile, rootName: string): ProfileNode {
  const root: Growing = { name: rootName, value: 0, children: new Map() };
  for (const { frames, weight } of stacks) {
    root.value += weight;
    let node = root;
    for (const name of frames.slice(0, deepest)) {
      const child = node.children.get(name) ?? { name, value: 0, children: new Map() };
      child.value += weight;
      node.children.set(name, child);
      node = child;
    }
  }
  return finish(root, rootName, 0);
}

/** A weight in its unit: seconds, dollars or tokens. */
export function weightValue(weight: number, kind: ProfileWeight): number {
  switch (kind) {
    case 'time':
      return weight / 1e9;
    case 'cost':
      return weight / 1e12;
    case 'tokens':
      return weight;
  }
}
