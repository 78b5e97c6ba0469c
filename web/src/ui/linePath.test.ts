// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linePath } from './linePath';

const box = { width: 10, height: 13 };

describe('linePath', () => {
  it('reaches from the bottom to the top', () => {
    expect(linePath([0, 5, 10], box)).toBe('M0 11.5L5 6.5L10 1.5');
  });
  it('begins at zero, unless told otherwise', () => {
    expect(linePath([5, 10], box)).toBe('M0 6.5L10 1.5');
    expect(linePath([5, 10], box, false)).toBe('M0 11.5L10 1.5');
  });
  it('leaves a gap where nothing is known', () => {
    expect(linePath([10, undefined, 10, 10], { width: 30, height: 13 })).toBe(
      'M0 1.5h0.1M20 1.5L30 1.5',
    );
  });
  it('is flat at the bottom for nothing but zeros', () => {
    expect(linePath([0, 0], box)).toBe('M0 11.5L10 11.5');
  });
  it('is empty for nothing', () => {
    expect(linePath([], box)).toBe('');
    expect(linePath([undefined], box)).toBe('');
  });
});
