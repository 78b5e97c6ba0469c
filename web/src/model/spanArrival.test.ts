// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { awaitedReason } from './span';
import type { Span } from './span';
import { buildSpanTree, makeSpan } from './spanBuilder';
import { cycleReason } from './spanCycles';
import { SpanForest } from './spanForest';

/** mulberry32. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Spans in a random order: some announced first, some twice, some without their parent, few in cycles. */
function makeArrivals(random: (below: number) => number): readonly Span[] {
  const count = 5 + random(40);
  const spans = Array.from({ length: count }, (_, i) => {
    const parent = random(10) === 0 ? random(count + 3) : random(i + 1) - 1;
    const isKnownMissing = random(4) === 0;
    return makeSpan(`s${i}`, {
      parentId: parent < 0 ? undefined : `s${parent}`,
      parentMissing: isKnownMissing ? 'never_exported' : awaitedReason,
      startNs: BigInt(i * 1000 + random(900)),
      endNs: BigInt(60_000 + random(3)),
    });
  });
  const announced = spans
    .filter(() => random(3) === 0)
    .map((span) => ({
      ...span,
      endNs: undefined,
      startNs: (span.startNs ?? 0n) - BigInt(random(2)),
    }));
  const again = spans.filter(() => random(8) === 0).map((span) => ({ ...span, endNs: 70_000n }));
  const all = [...spans, ...announced, ...again];
  return all
    .map((span) => ({ span, key: random(1_000_000) }))
    .sort((left, right) => left.key - right.key)
    .map(({ span }) => span);
}

describe('any order of arrival', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'draws what is there: seed %i',
    (seed) => {
      const random = makeRandom(seed);
      const arrivals = makeArrivals(random);
      const forest = new SpanForest();
      const kept = new Map<string, Span>();
      for (let from = 0; from < arrivals.length;) {
        const batch = arrivals.slice(from, from + 1 + random(6));
        from += batch.length;
        for (const span of batch) if (forest.put(span)) kept.set(span.id, span);
        const tree = forest.tree();
        // Those that were kept, alone and in order, make the same tree.
        expect(tree).toEqual(buildSpanTree([...kept.values()]));
        const real = tree.nodes.filter((node) => node.span.knownFrom !== 'children');
        expect(real.map((node) => node.span.id).sort()).toEqual([...kept.keys()].sort());
      }
    },
  );
});

describe('large traces', () => {
  const spanAt = (id: string, parentId: string | undefined, startNs: bigint): Span =>
    makeSpan(id, { parentId, startNs });

  it('survives a chain and a fan of 50,000 spans', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) =>
      spanAt(`s${i}`, i === 0 ? undefined : `s${i - 1}`, BigInt(i)),
    );
    expect(buildSpanTree(chain).maxDepth).toBe(49_999);
    const fan = Array.from({ length: 50_000 }, (_, i) =>
      spanAt(`s${i}`, i === 0 ? undefined : 's0', BigInt(i)),
    );
    expect(buildSpanTree(fan).nodes[0]?.descendants).toBe(49_999);
    const ring = Array.from({ length: 50_000 }, (_, i) =>
      spanAt(`s${i}`, `s${(i + 49_999) % 50_000}`, BigInt(i)),
    );
    expect(buildSpanTree(ring).nodes[0]?.orphan).toBe(cycleReason);
  });
});
