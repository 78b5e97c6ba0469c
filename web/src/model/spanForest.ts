// SPDX-License-Identifier: Apache-2.0
// The spans of a trace in whatever order they come, linked at once: adding one costs its place among its
// siblings and not a look at all others. A parent that has not come is an entry without a span: its
// children hang below it and move with it when it comes. Iterative throughout, since a chain of 50,000
// spans is legal.

import type { Span } from './span';
import { findCycleHeads } from './spanCycles';
import { hang, isBelow, makeEntry } from './spanEntry';
import type { Entry } from './spanEntry';
import { flattenEntries } from './spanRows';
import type { SpanTree } from './spanTree';

/** A finished span beats a running one, the later end wins, otherwise the first one stays. */
function isMoreComplete(candidate: Span, current: Span): boolean {
  if (candidate.endNs === undefined) return false;
  return current.endNs === undefined || candidate.endNs > current.endNs;
}

/** Whether a span that takes the place of another hangs where that one hung, and for the same reason. */
function staysInPlace(entry: Entry, before: Span, after: Span): boolean {
  return (
    before.parentId === after.parentId &&
    before.startNs === after.startNs &&
    (entry.parent?.span !== undefined || before.parentMissing === after.parentMissing)
  );
}

export class SpanForest {
  private entries = new Map<string, Entry>();
  private readonly top = makeEntry('', 0);
  private arrivals = 0;
  /** While parents form a cycle, links are not kept but made anew for each drawing. */
  private isCyclic = false;
  private cycleHeads: ReadonlySet<string> = new Set();
  private drawn: SpanTree | undefined;
  /** What happened since it was drawn. */
  private readonly changed = new Set<string>();
  private isMoved = false;

  /** Of spans with one id the most complete is kept. False when the given one is not. */
  put(span: Span): boolean {
    const entry = this.entries.get(span.id) ?? this.addEntry(span.id);
    const before = entry.span;
    if (before !== undefined && !isMoreComplete(span, before)) return false;
    entry.span = span;
    this.changed.add(span.id);
    if (before !== undefined && staysInPlace(entry, before, span)) return true;
    this.isMoved = true;
    if (before === undefined) entry.arrival = this.arrivals++;
    if (!this.isCyclic) this.detach(entry);
    entry.startNs = span.startNs;
    if (!this.isCyclic) this.attach(entry, span.parentId);
    return true;
  }

  /** The rows as they are now. Costs nothing if nothing changed, else a walk over all spans. */
  tree(): SpanTree {
    if (this.isCyclic && this.isMoved) this.relink();
    if (this.drawn === undefined || this.isMoved) {
      this.drawn = flattenEntries(this.top, this.cycleHeads, this.drawn);
    } else if (this.changed.size > 0) {
      this.drawn = this.withChangedSpans(this.drawn);
    }
    this.isMoved = false;
    this.changed.clear();
    return this.drawn;
  }

  /** Spans took the place of others; no row has moved. */
  private withChangedSpans(tree: SpanTree): SpanTree {
    const nodes = [...tree.nodes];
    let { open } = tree;
    for (const id of this.changed) {
      const index = tree.indexById.get(id) ?? -1;
      const node = nodes[index];
      const span = this.entries.get(id)?.span;
      if (node === undefined || span === undefined) continue;
      nodes[index] = { ...node, span };
      open += Number(span.endNs === undefined) - Number(node.span.endNs === undefined);
    }
    return { ...tree, nodes, open };
  }

  private addEntry(id: string): Entry {
    const entry = makeEntry(id, this.arrivals++);
    this.entries.set(id, entry);
    return entry;
  }

  private attach(entry: Entry, parentId: string | undefined): void {
    const parent = parentId === undefined ? this.top : this.entryOfParent(parentId);
    if (parent === entry || (entry.children.length > 0 && isBelow(parent, entry))) {
      this.isCyclic = true;
      return;
    }
    hang(entry, parent);
    if (parent === this.top || parent.span !== undefined || entry.startNs === undefined) return;
    if (parent.startNs === undefined || entry.startNs < parent.startNs) {
      parent.startNs = entry.startNs;
      this.top.isSorted = false;
    }
  }

  /** A parent that has not come is kept a place at the top. */
  private entryOfParent(id: string): Entry {
    const known = this.entries.get(id);
    if (known !== undefined) return known;
    const entry = this.addEntry(id);
    hang(entry, this.top);
    return entry;
  }

  private detach(entry: Entry): void {
    const { parent } = entry;
    if (parent === undefined) return;
    parent.children.splice(parent.children.indexOf(entry), 1);
    entry.parent = undefined;
  }

  /** Links everything from scratch, each cycle cut above its earliest span. */
  private relink(): void {
    const known = [...this.entries.values()].filter((entry) => entry.span !== undefined);
    this.entries = new Map(known.map((entry) => [entry.id, entry]));
    this.cycleHeads = findCycleHeads(this.entries);
    for (const entry of [this.top, ...known]) {
      entry.parent = undefined;
      entry.children = [];
      entry.isSorted = true;
    }
    for (const entry of known)
      this.attach(entry, this.cycleHeads.has(entry.id) ? undefined : entry.span?.parentId);
    this.isCyclic = this.cycleHeads.size > 0;
  }
}
