// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { backoffDelay } from './backoff';

describe('backoffDelay', () => {
  it.each([
    ['the first attempt comes soon', 1, 500],
    ['the next one twice as late', 2, 1000],
    ['and so on', 4, 4000],
    ['up to ten seconds', 6, 10_000],
    ['for ever', 5000, 10_000],
  ])('%s', (_name, attempt, full) => {
    expect(backoffDelay(attempt, 0)).toBe(full / 2);
    expect(backoffDelay(attempt, 0.5)).toBe(full * 0.75);
  });
});
