// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { makeSpan } from './spanBuilder';
import {
  clampWindow,
  formatWindow,
  isWhole,
  moveWindow,
  parseWindow,
  revealWindow,
  runsIn,
  zoomWindow,
} from './timeWindow';

const whole = { from: 0, to: 100 };
const second = 1_000_000_000n;

describe('clampWindow', () => {
  it.each([
    ['stays', [10, 20], [10, 20]],
    ['is moved in from the left', [-5, 5], [0, 10]],
    ['is moved in from the right', [95, 115], [80, 100]],
    ['is cut to the whole', [-50, 250], [0, 100]],
    ['is never shorter than a microsecond', [10, 10], [10, 10.000001]],
  ])('%s', (_name, [from = 0, to = 0], [left = 0, right = 0]) => {
    const window = clampWindow({ from, to }, whole);
    expect(window.from).toBeCloseTo(left, 9);
    expect(window.to).toBeCloseTo(right, 9);
  });

  it('a run without length has one window', () => {
    expect(clampWindow({ from: 3, to: 4 }, { from: 0, to: 0 })).toEqual({ from: 0, to: 0 });
  });
});

describe('zoomWindow', () => {
  it.each([
    ['in around the middle', [0, 100], 0.5, 50, [25, 75]],
    ['in at the left edge', [0, 100], 0.5, 0, [0, 50]],
    ['in at a quarter', [20, 60], 0.5, 30, [25, 45]],
    ['out around the middle', [40, 60], 2, 50, [30, 70]],
    ['out past the edge', [0, 60], 2, 50, [0, 100]],
    ['out near the right edge', [90, 100], 2, 100, [80, 100]],
  ])('%s', (_name, [from = 0, to = 0], factor, at, [left = 0, right = 0]) => {
    const window = zoomWindow({ from, to }, whole, factor, at);
    expect(window.from).toBeCloseTo(left, 9);
    expect(window.to).toBeCloseTo(right, 9);
  });

  it('comes back to where it was', () => {
    const near = zoomWindow({ from: 10, to: 90 }, whole, 0.1, 37);
    const back = zoomWindow(near, whole, 10, 37);
    expect(back.from).toBeCloseTo(10, 9);
    expect(back.to).toBeCloseTo(90, 9);
  });

  it('ends at a microsecond', () => {
    let window = { from: 0, to: 100 };
    for (let i = 0; i < 100; i++) window = zoomWindow(window, whole, 0.5, 50);
    expect(window.to - window.from).toBeCloseTo(1e-6, 9);
  });
});

describe('moveWindow', () => {
  it.each([
    ['right', [10, 20], 5, [15, 25]],
    ['no further than the end', [85, 95], 50, [90, 100]],
    ['no further than the start', [10, 20], -50, [0, 10]],
  ])('%s', (_name, [from = 0, to = 0], by, [left, right]) => {
    expect(moveWindow({ from, to }, whole, by)).toEqual({ from: left, to: right });
  });
});

describe('revealWindow', () => {
  it.each([
    ['what is seen moves nothing', [10, 20], [12, 14], [10, 20]],
    ['what lies before', [10, 20], [5, 7], [5, 15]],
    ['what lies after', [10, 20], [25, 27], [17, 27]],
    ['what is longer and seen in part', [10, 20], [0, 100], [10, 20]],
    ['what is longer and not seen', [10, 20], [40, 70], [40, 50]],
  ])('%s', (_name, [from = 0, to = 0], [left = 0, right = 0], [after, end]) => {
    const part = { from: left, to: right };
    expect(revealWindow({ from, to }, whole, part)).toEqual({ from: after, to: end });
  });
});

describe('a window in an address', () => {
  it.each([
    ['12.5-40', { from: 12.5, to: 40 }],
    ['0-0.000001', { from: 0, to: 0.000001 }],
    ['40-12.5', undefined],
    ['4-4', undefined],
    ['-4', undefined],
    ['4', undefined],
    ['1e3-1e4', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (text, window) => expect(parseWindow(text)).toEqual(window));

  it.each([
    [{ from: 12.5, to: 40 }, '12.5-40'],
    [{ from: 0, to: 10 }, '0-10'],
    [{ from: 10, to: 20 }, '10-20'],
    [{ from: 0.000012, to: 0.000018 }, '0.000012-0.000018'],
    [{ from: 33.333333333, to: 66.666666666 }, '33.333-66.667'],
    [{ from: 0, to: 100 }, undefined],
    [{ from: 5, to: 5 }, undefined],
  ])('%o', (window, text) => expect(formatWindow(window, whole)).toBe(text));

  it('is read as it was written', () => {
    const window = { from: 50.0000012, to: 50.0000034 };
    const read = parseWindow(formatWindow(window, whole));
    expect(read?.from).toBeCloseTo(window.from, 8);
    expect(read?.to).toBeCloseTo(window.to, 8);
  });
});

describe('isWhole', () => {
  it.each([
    [{ from: 0, to: 100 }, true],
    [{ from: 0, to: 99 }, false],
    [{ from: 1, to: 100 }, false],
  ])('%o', (window, expected) => expect(isWhole(window, whole)).toBe(expected));
});

describe('runsIn', () => {
  const scale = { startNs: 1000n * second, seconds: 100 };
  const at = (seconds: number | undefined) =>
    seconds === undefined ? undefined : (1000n + BigInt(seconds)) * second;
  it.each([
    ['inside', 12, 14, true],
    ['before', 2, 9, false],
    ['up to its start', 2, 10, true],
    ['after', 21, 22, false],
    ['from its end on', 20, 22, true],
    ['around', 0, 100, true],
    ['not ended, begun before', 3, undefined, true],
    ['not ended, begun after', 30, undefined, false],
    ['without a start', undefined, 15, false],
  ])('%s', (_name, from, to, expected) => {
    const span = makeSpan('a', { startNs: at(from), endNs: at(to) });
    expect(runsIn(span, scale, { from: 10, to: 20 })).toBe(expected);
  });
});
