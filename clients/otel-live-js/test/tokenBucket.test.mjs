// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TokenBucket } from '../dist/TokenBucket.js';

function setUp(rate, burst) {
  const clock = { now: 1_000 };
  return { clock, bucket: new TokenBucket(rate, burst, () => clock.now) };
}

test('starts full and does not grow over its burst', () => {
  const { clock, bucket } = setUp(10, 5);
  assert.equal(bucket.available(), 5);
  clock.now += 60_000;
  assert.equal(bucket.available(), 5);
});

test('earns at its rate, also when asked often', () => {
  const { clock, bucket } = setUp(10, 5);
  bucket.take(5);
  assert.equal(bucket.available(), 0);
  for (let i = 0; i < 30; i += 1) {
    clock.now += 10;
    bucket.available();
  }
  assert.equal(bucket.available(), 3);
});

test('says how long to wait for the next token', () => {
  const { clock, bucket } = setUp(4, 1);
  assert.equal(bucket.waitMs(), 0);
  bucket.take(1);
  assert.equal(bucket.waitMs(), 250);
  clock.now += 125;
  assert.equal(bucket.available(), 0);
  assert.equal(bucket.waitMs(), 125);
  clock.now += 125;
  assert.equal(bucket.available(), 1);
});
