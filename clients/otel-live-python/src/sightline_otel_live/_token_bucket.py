# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations


class TokenBucket:
    """Allows `rate` a second in the long run and up to `burst` at once.

    `now` is in seconds, from a clock that never goes back.
    """

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._filled_at = now

    def available(self, now: float) -> int:
        """Whole tokens that can be taken now."""
        earned = max(0.0, now - self._filled_at) * self._rate
        self._tokens = min(self._burst, self._tokens + earned)
        self._filled_at = now
        return int(self._tokens)

    def take(self, count: int) -> None:
        """Takes at most what there is: a flush may send more than the rate allows."""
        self._tokens -= min(count, int(self._tokens))

    def wait_seconds(self, now: float) -> float:
        """Until one token can be taken."""
        if self.available(now) >= 1:
            return 0.0
        return (1 - self._tokens) / self._rate
