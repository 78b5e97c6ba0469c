// SPDX-License-Identifier: Apache-2.0
// What the colour of a bar stands for.

import type { Span } from './span';
import type { SpanTree } from './spanTree';

export const colourings = ['kind', 'agent', 'model'] as const;
export type Colouring = (typeof colourings)[number];

export interface Colours {
  /** For each row of the tree a place in `names`; -1 for what has none. Empty for kinds. */
  readonly places: Int32Array;
  /** In the order in which they first occur. */
  readonly names: readonly string[];
}

function ownName(span: Span, colouring: Colouring): string | undefined {
  return colouring === 'model' ? span.model : span.agent;
}

/** What an agent does is of its colour, models only have their own calls. */
export function colourRows(tree: SpanTree, colouring: Colouring): Colours {
  if (colouring === 'kind') return { places: new Int32Array(0), names: [] };
  const known = new Map<string, number>();
  const places = new Int32Array(tree.nodes.length).fill(-1);
  tree.nodes.forEach(({ span }, row) => {
    const name = ownName(span, colouring);
    if (name === undefined) {
      const parent = tree.parents[row] ?? -1;
      if (colouring === 'agent' && parent >= 0) places[row] = places[parent] ?? -1;
      return;
    }
    const place = known.get(name) ?? known.size;
    known.set(name, place);
    places[row] = place;
  });
  return { places, names: [...known.keys()] };
}
