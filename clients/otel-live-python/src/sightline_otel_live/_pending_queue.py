# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from opentelemetry.sdk.trace import ReadableSpan

from sightline_otel_live._senders import Outcome, OutcomeKind
from sightline_otel_live._stats import LiveSpanStats
from sightline_otel_live._token_bucket import TokenBucket

_FIRST_PAUSE_SECONDS = 1.0
_MAX_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class Limits:
    delay_seconds: float
    spans_per_second: float
    burst: int
    max_batch_size: int
    max_queue_size: int


class PendingQueue:
    """Which spans are to be sent, and when.

    It knows no threads and no clock: the caller locks, and says what time it is, in seconds that
    never go back. A batch is taken, then settled, before the next is taken.
    """

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._bucket = TokenBucket(limits.spans_per_second, limits.burst, now)
        self._waiting: OrderedDict[int, ReadableSpan] = OrderedDict()
        # Those of the batch on its way that have not ended, and how many set out.
        self._sending: Dict[int, ReadableSpan] = {}
        self._batch_size = 0
        self._due_at = now
        self._failures_in_a_row = 0
        self._paused_until = now
        self._counts: Counter[str] = Counter()
        self._last_error: Optional[str] = None

    @property
    def stats(self) -> LiveSpanStats:
        waiting = len(self._waiting) + self._batch_size
        return LiveSpanStats(waiting=waiting, last_error=self._last_error, **self._counts)

    def has_waiting(self) -> bool:
        return bool(self._waiting)

    def is_sending(self) -> bool:
        return self._batch_size > 0

    def add(self, span_id: int, span: ReadableSpan, now: float) -> bool:
        """Takes a span that has started. True if it is the first, so that a batch is due now."""
        # A batch that fails comes back, so it keeps its places.
        if len(self._waiting) + len(self._sending) >= self._limits.max_queue_size:
            self._counts["dropped"] += 1
            return False
        is_first = not self._waiting
        self._waiting[span_id] = span
        if is_first:
            self._due_at = now + self._limits.delay_seconds
        return is_first

    def remove(self, span_id: int) -> None:
        """Forgets a span that has ended."""
        if self._waiting.pop(span_id, None) is not None:
            self._counts["ended_first"] += 1
        else:
            self._sending.pop(span_id, None)

    def seconds_until_due(self, now: float) -> Optional[float]:
        """Until a batch may be taken; None if nothing waits."""
        if not self._waiting:
            return None
        until_allowed = max(self._paused_until - now, self._bucket.wait_seconds(now))
        return max(0.0, self._due_at - now, until_allowed)

    def batch_limit(self, now: float, ignore_rate: bool) -> int:
        """How many spans the next batch may have."""
        most = self._limits.max_batch_size
        return most if ignore_rate else min(most, self._bucket.available(now))

    def take(self, limit: int) -> List[Tuple[int, ReadableSpan]]:
        """Adds up to `limit` spans to the batch that is to be sent. Answers them with their ids."""
        taken = [
            self._waiting.popitem(last=False) for _ in range(min(limit, len(self._waiting)))
        ]
        self._sending.update(taken)
        self._batch_size += len(taken)
        return taken

    def leave_out(self, span_id: int) -> None:
        """Takes a span out of the batch again, because the filter does not want it."""
        self._sending.pop(span_id, None)
        self._batch_size -= 1
        self._counts["filtered"] += 1

    def settle(self, outcome: Outcome, now: float) -> None:
        """Ends the batch."""
        size = self._batch_size
        self._batch_size = 0
        self._bucket.take(size)
        if outcome.kind is OutcomeKind.ACCEPTED:
            rejected = min(size, outcome.rejected)
            self._counts["sent"] += size - rejected
            self._counts["rejected"] += rejected
            if size > 0:
                self._failures_in_a_row = 0
        elif outcome.kind is OutcomeKind.REFUSED:
            self._counts["rejected"] += size
            self._pause(outcome, now)
        else:
            self._counts["ended_first"] += size - len(self._sending)
            # Before the others: these have run for longer.
            for span_id, span in reversed(list(self._sending.items())):
                self._waiting[span_id] = span
                self._waiting.move_to_end(span_id, last=False)
            self._pause(outcome, now)
        self._sending.clear()
        self._due_at = now + self._limits.delay_seconds

    def drop_all(self) -> None:
        self._counts["dropped"] += len(self._waiting)
        self._waiting.clear()

    def count_omitted(self, attributes: int) -> None:
        self._counts["omitted_attributes"] += attributes

    def count_error(self, error: BaseException) -> None:
        self._counts["errors"] += 1
        self._last_error = f"{type(error).__name__}: {error}"

    def is_first_failure(self) -> bool:
        """The newest batch failed and the one before did not."""
        return self._failures_in_a_row == 1

    def _pause(self, outcome: Outcome, now: float) -> None:
        pause = min(_MAX_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2.0**self._failures_in_a_row)
        self._failures_in_a_row = min(self._failures_in_a_row + 1, 10)
        self._paused_until = now + max(pause, outcome.retry_after)
        self._counts["failed_exports"] += 1
        self._last_error = outcome.reason
