// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { makeSpan } from './spanBuilder';
import { layoutSpan, makeTimeScale } from './spanLayout';

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
