# SPDX-License-Identifier: Apache-2.0
import unittest

import support  # noqa: F401
from sightline_otel_live._token_bucket import TokenBucket


class TokenBucketTest(unittest.TestCase):
    def test_starts_full_and_does_not_grow_over_its_burst(self):
        bucket = TokenBucket(rate=10, burst=5, now=1.0)
        self.assertEqual(bucket.available(1.0), 5)
        self.assertEqual(bucket.available(61.0), 5)

    def test_earns_at_its_rate_also_when_asked_often(self):
        bucket = TokenBucket(rate=8, burst=5, now=1.0)
        bucket.take(5)
        self.assertEqual(bucket.available(1.0), 0)
        for step in range(1, 33):
            bucket.available(1.0 + step / 64)
        self.assertEqual(bucket.available(1.5), 4)

    def test_says_how_long_to_wait_for_the_next_token(self):
        bucket = TokenBucket(rate=4, burst=1, now=1.0)
        self.assertEqual(bucket.wait_seconds(1.0), 0)
        bucket.take(1)
        self.assertEqual(bucket.wait_seconds(1.0), 0.25)
        self.assertEqual(bucket.wait_seconds(1.125), 0.125)
        self.assertEqual(bucket.available(1.25), 1)

    def test_gives_at_most_what_it_has(self):
        bucket = TokenBucket(rate=1, burst=2, now=1.0)
        bucket.take(50)
        self.assertEqual(bucket.wait_seconds(1.0), 1)


if __name__ == "__main__":
    unittest.main()
