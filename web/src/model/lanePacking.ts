// SPDX-License-Identifier: Apache-2.0
// Puts boxes that lie side by side in time onto as few lanes as they need. Boxes that do not overlap share
// lanes; of those that do, the later one goes into the topmost place that is free and high enough, else
// below all others. Takes n log n steps for n boxes, however many overlap.

export interface LaneBox {
  readonly from: number;
  readonly to: number;
  /** Lanes that it needs. */
  readonly height: number;
}

interface Slot {
  readonly until: number;
  readonly top: number;
  readonly height: number;
}

/** The least of its values first. */
class Heap<Value> {
  private readonly values: Value[] = [];

  constructor(private readonly isLess: (left: Value, right: Value) => boolean) {}

  peek(): Value | undefined {
    return this.values[0];
  }

  push(value: Value): void {
    const { values } = this;
    let at = values.length;
    values.push(value);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = values[above];
      if (other === undefined || !this.isLess(value, other)) break;
      values[at] = other;
      at = above;
    }
    values[at] = value;
  }

  pop(): Value | undefined {
    const { values } = this;
    const [least] = values;
    const last = values.pop();
    if (last === undefined || values.length === 0) return least;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = values[below];
      if (left === undefined) break;
      const right = values[below + 1];
      if (right !== undefined && this.isLess(right, left)) below++;
      const other = values[below];
      if (other === undefined || !this.isLess(other, last)) break;
      values[at] = other;
      at = below;
    }
    values[at] = last;
    return least;
  }
}

/** Places that boxes have left, by their height. */
class FreeSlots {
  private readonly byHeight = new Map<number, Heap<number>>();

  add({ top, height }: Slot): void {
    const tops = this.byHeight.get(height) ?? new Heap<number>((left, right) => left < right);
    tops.push(top);
    this.byHeight.set(height, tops);
  }

  /** The topmost one that is high enough. */
  take(height: number): { readonly top: number; readonly height: number } | undefined {
    let best: { readonly top: number; readonly height: number } | undefined;
    for (const [size, tops] of this.byHeight) {
      const top = tops.peek();
      if (size < height || top === undefined) continue;
      if (best === undefined || top < best.top) best = { top, height: size };
    }
    if (best !== undefined) this.byHeight.get(best.height)?.pop();
    return best;
  }

  clear(): void {
    this.byHeight.clear();
  }
}

export interface Packing {
  /** The topmost lane of each box, from 0. */
  readonly tops: readonly number[];
  /** Lanes of all of them together. */
  readonly height: number;
}

/** Boxes must be given in order of their start. */
export function packLanes(boxes: readonly LaneBox[]): Packing {
  const busy = new Heap<Slot>((left, right) => left.until < right.until);
  const free = new FreeSlots();
  let clusterEnd = -Infinity;
  let bottom = 0;
  let height = 0;
  const tops = boxes.map((box) => {
    if (box.from >= clusterEnd) {
      // Nothing that came before goes on: all lanes are free.
      while (busy.pop() !== undefined);
      free.clear();
      bottom = 0;
    }
    for (let slot = busy.peek(); slot !== undefined && slot.until <= box.from; slot = busy.peek()) {
      busy.pop();
      free.add(slot);
    }
    const slot = free.take(box.height) ?? { top: bottom, height: box.height };
    busy.push({ ...slot, until: box.to });
    bottom = Math.max(bottom, slot.top + slot.height);
    height = Math.max(height, bottom);
    clusterEnd = Math.max(clusterEnd, box.to);
    return slot.top;
  });
  return { tops, height };
}
