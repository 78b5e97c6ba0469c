// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { retryDelay } from '../dist/retryDelay.js';

const TIMING = { firstDelayMs: 500, maxDelayMs: 30_000 };

const CASES = [
  { failures: 1, random: 0, expected: 250 },
  { failures: 1, random: 0.5, expected: 375 },
  { failures: 2, random: 0, expected: 500 },
  { failures: 6, random: 0, expected: 8_000 },
  { failures: 7, random: 0, expected: 15_000 },
  { failures: 5_000, random: 0, expected: 15_000 },
];

for (const { failures, random, expected } of CASES) {
  test(`${failures} failures and chance ${random} wait ${expected} ms`, () => {
    assert.equal(retryDelay(failures, random, TIMING), expected);
  });
}
