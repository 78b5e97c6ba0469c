// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { buildSpanTree, makeSpan } from './spanBuilder';
import { axisTicks, layoutMap, layoutSpan, makeTimeScale } from './spanLayout';

const second = 1_000_000_000n;
const base = 1_767_323_045_000_000_000n;

describe('makeTimeScale', () => {
  it('reaches from the first start to the last end', () => {
    const scale = makeTimeScale([
      makeSpan('a', { startNs: base + second, endNs: base + 3n * second }),
      makeSpan('b', { startNs: base, endNs: base + 2n * second }),
    ]);
    expect(scale).toEqual({ startNs: base, seconds: 3 });
  });

  it('takes a running span as the point of its start', () => {
    const scale = makeTimeScale([
      makeSpan('a', { startNs: base, endNs: undefined }),
      makeSpan('b', { startNs: base + second, endNs: undefined }),
    ]);
    expect(scale.seconds).toBe(1);
  });

  it('ignores an end before the start, and spans without times', () => {
    expect(
      makeTimeScale([makeSpan('a', { startNs: base, endNs: base - 9n * second })]).seconds,
    ).toBe(0);
    expect(makeTimeScale([makeSpan('a', { startNs: undefined, endNs: undefined })])).toEqual({
      startNs: 0n,
      seconds: 0,
    });
  });
});

describe('layoutSpan', () => {
  const scale = { startNs: base, seconds: 4 };
  it.each([
    [
      'a finished span is a bar',
      base + second,
      base + 3n * second,
      { kind: 'bar', left: 0.25, width: 0.5 },
    ],
    ['a running span has an open end', base + second, undefined, { kind: 'open', left: 0.25 }],
    [
      'an end before the start has no width',
      base + 2n * second,
      base,
      { kind: 'bar', left: 0.5, width: 0 },
    ],
    ['no start, no shape', undefined, base, { kind: 'none' }],
    [
      'outside the axis is clipped',
      base - second,
      base + 9n * second,
      { kind: 'bar', left: 0, width: 1 },
    ],
  ])('%s', (_name, startNs, endNs, expected) => {
    expect(layoutSpan(scale, makeSpan('a', { startNs, endNs }))).toEqual(expected);
  });

  it('does not divide by an axis without length', () => {
    expect(
      layoutSpan({ startNs: base, seconds: 0 }, makeSpan('a', { startNs: base, endNs: base })),
    ).toEqual({
      kind: 'bar',
      left: 0,
      width: 0,
    });
  });

  it('keeps nanoseconds on an axis of hours', () => {
    const shape = layoutSpan(
      { startNs: base, seconds: 3600 },
      makeSpan('a', { startNs: base + 1n, endNs: base + 2n }),
    );
    expect(shape.kind === 'bar' && shape.left).toBeCloseTo(1e-9 / 3600, 20);
  });
});

describe('axisTicks', () => {
  it.each([
    [0.01, '0 2 ms 4 ms 6 ms 8 ms 10 ms'],
    [2.3, '0 500 ms 1 s 1.5 s 2 s'],
    [7, '0 2 s 4 s 6 s'],
    [42, '0 10 s 20 s 30 s 40 s'],
    [75, '0 20 s 40 s 1 m'],
    [150, '0 30 s 1 m 1 m 30 s 2 m 2 m 30 s'],
    [200, '0 1 m 2 m 3 m'],
    [7200, '0 30 m 1 h 1 h 30 m 2 h'],
  ])('%s seconds', (seconds, expected) => {
    const labels = axisTicks({ startNs: 0n, seconds }, 5).map((tick) => tick.label);
    expect(labels.join(' ').replaceAll('\u202f', ' ')).toBe(expected);
  });

  it.each([1e-9, 3e-7, 0.5, 59, 61, 3599, 86_399, 1e7])(
    'at most six ticks within the axis of %s s',
    (seconds) => {
      const ticks = axisTicks({ startNs: 0n, seconds }, 5);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every((tick) => tick.at >= 0 && tick.at <= 1 + 1e-9)).toBe(true);
    },
  );

  it('an axis without length has one tick', () => {
    expect(axisTicks({ startNs: 0n, seconds: 0 }, 5)).toEqual([{ at: 0, label: '0' }]);
  });
});

describe('layoutMap', () => {
  it('keeps every span visible and inside the box', () => {
    const spans = Array.from({ length: 1000 }, (_, i) =>
      makeSpan(`s${i}`, { startNs: base + BigInt(i), endNs: base + BigInt(i) + 1n }),
    );
    const rects = layoutMap(buildSpanTree(spans).nodes, makeTimeScale(spans), {
      width: 300,
      height: 40,
    });
    expect(rects).toHaveLength(1000);
    expect(
      rects.every(
        (rect) =>
          rect.width >= 1.5 && rect.x >= 0 && rect.x + rect.width <= 300.001 && rect.y <= 40,
      ),
    ).toBe(true);
  });
});
