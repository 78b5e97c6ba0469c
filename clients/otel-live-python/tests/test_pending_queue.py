# SPDX-License-Identifier: Apache-2.0
import unittest

import support  # noqa: F401
from sightline_otel_live._pending_queue import Limits, PendingQueue
from sightline_otel_live._senders import Outcome, OutcomeKind

ACCEPTED = Outcome(OutcomeKind.ACCEPTED)
UNAVAILABLE = Outcome(OutcomeKind.UNAVAILABLE, "down")
REFUSED = Outcome(OutcomeKind.REFUSED, "no")


def make_queue(**limits):
    defaults = {
        "delay_seconds": 0.125,
        "spans_per_second": 4,
        "burst": 8,
        "max_batch_size": 4,
        "max_queue_size": 16,
    }
    return PendingQueue(Limits(**{**defaults, **limits}), now=0.0)


def add(queue, *span_ids, now=0.0):
    """The queue looks at nothing but the ids: a text stands for a span."""
    return [queue.add(span_id, f"span {span_id}", now) for span_id in span_ids]


def take_ids(queue, limit=100):
    return [span_id for span_id, _ in queue.take(limit)]


class PendingQueueTest(unittest.TestCase):
    def assert_counts(self, queue, **expected):
        counts = {name: getattr(queue.stats, name) for name in expected}
        self.assertEqual(counts, expected)

    def assert_all_counted(self, queue, started):
        stats = queue.stats
        total = stats.waiting + stats.sent + stats.ended_first
        total += stats.filtered + stats.dropped + stats.rejected
        self.assertEqual(total, started)

    def test_has_nothing_due_while_nothing_waits(self):
        self.assertIsNone(make_queue().seconds_until_due(0.0))

    def test_has_a_batch_due_after_the_delay_from_its_first_span(self):
        queue = make_queue()
        self.assertEqual(add(queue, 1), [True])
        self.assertEqual(add(queue, 2, now=0.0625), [False])
        self.assertEqual(queue.seconds_until_due(0.0625), 0.0625)
        self.assertEqual(queue.seconds_until_due(0.125), 0)
        self.assertEqual(take_ids(queue), [1, 2])

    def test_starts_a_new_delay_after_all_that_waited_has_ended(self):
        queue = make_queue()
        add(queue, 1)
        queue.remove(1)
        self.assertIsNone(queue.seconds_until_due(0.125))
        self.assertEqual(add(queue, 2, now=10.0), [True])
        self.assertEqual(queue.seconds_until_due(10.0), 0.125)

    def test_does_not_send_what_has_ended_first(self):
        queue = make_queue()
        add(queue, 1, 2)
        queue.remove(1)
        self.assertEqual(take_ids(queue), [2])
        queue.settle(ACCEPTED, 1.0)
        self.assert_counts(queue, sent=1, ended_first=1, waiting=0)

    def test_drops_what_is_too_much_and_keeps_what_came_first(self):
        queue = make_queue(max_queue_size=2)
        add(queue, 1, 2, 3)
        self.assert_counts(queue, waiting=2, dropped=1)
        self.assertEqual(take_ids(queue), [1, 2])

    def test_keeps_places_for_a_batch_that_may_come_back(self):
        queue = make_queue(max_queue_size=2)
        add(queue, 1, 2)
        take_ids(queue)
        add(queue, 3)
        self.assert_counts(queue, dropped=1)
        queue.settle(UNAVAILABLE, 1.0)
        self.assertEqual(take_ids(queue), [1, 2])

    def test_sends_a_burst_and_then_at_the_rate(self):
        queue = make_queue(spans_per_second=4, burst=2, max_batch_size=10)
        add(queue, *range(6))
        self.assertEqual(queue.batch_limit(1.0, ignore_rate=False), 2)
        take_ids(queue, 2)
        queue.settle(ACCEPTED, 1.0)
        self.assertEqual(queue.seconds_until_due(1.0), 0.25)
        self.assertEqual(queue.batch_limit(1.25, ignore_rate=False), 1)
        self.assertEqual(queue.batch_limit(1.25, ignore_rate=True), 10)

    def test_does_not_spend_the_rate_on_what_the_filter_leaves_out(self):
        queue = make_queue(burst=2)
        add(queue, 1, 2)
        for span_id in take_ids(queue):
            queue.leave_out(span_id)
        queue.settle(ACCEPTED, 0.0)
        self.assertEqual(queue.batch_limit(0.0, ignore_rate=False), 2)
        self.assert_counts(queue, filtered=2, sent=0, waiting=0)

    def test_counts_what_the_receiver_rejects(self):
        queue = make_queue()
        add(queue, 1, 2, 3)
        take_ids(queue)
        queue.settle(Outcome(OutcomeKind.ACCEPTED, rejected=2), 1.0)
        self.assert_counts(queue, sent=1, rejected=2)

    def test_sends_again_what_still_runs_before_what_came_later(self):
        queue = make_queue()
        add(queue, 1, 2, 3)
        take_ids(queue)
        add(queue, 4)
        queue.remove(2)
        queue.settle(UNAVAILABLE, 1.0)
        self.assert_counts(queue, waiting=3, ended_first=1, failed_exports=1, last_error="down")
        self.assertEqual(take_ids(queue), [1, 3, 4])
        self.assert_all_counted(queue, 4)

    def test_does_not_send_again_what_was_refused(self):
        queue = make_queue()
        add(queue, 1)
        take_ids(queue)
        queue.settle(REFUSED, 1.0)
        self.assert_counts(queue, waiting=0, rejected=1, failed_exports=1, last_error="no")

    def test_pauses_longer_after_each_failure_up_to_a_limit(self):
        queue = make_queue(burst=100)
        now, pauses = 0.0, []
        for span_id in range(8):
            add(queue, span_id, now=now)
            take_ids(queue)
            queue.settle(REFUSED, now)
            add(queue, 100 + span_id, now=now)
            pauses.append(queue.seconds_until_due(now))
            queue.remove(100 + span_id)
            now += 100
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 30, 30, 30])

    def test_ends_the_pause_once_something_succeeds(self):
        queue = make_queue(burst=100)
        for outcome in (REFUSED, REFUSED, ACCEPTED, REFUSED):
            add(queue, 1)
            take_ids(queue)
            queue.settle(outcome, 0.0)
        add(queue, 2)
        self.assertEqual(queue.seconds_until_due(0.0), 1)

    def test_honours_retry_after_where_it_is_longer(self):
        queue = make_queue()
        add(queue, 1)
        take_ids(queue)
        queue.settle(Outcome(OutcomeKind.UNAVAILABLE, "slow down", retry_after=20.0), 0.0)
        self.assertEqual(queue.seconds_until_due(0.0), 20)

    def test_counts_what_is_dropped_at_the_end(self):
        queue = make_queue()
        add(queue, 1, 2)
        queue.drop_all()
        self.assert_counts(queue, waiting=0, dropped=2)


if __name__ == "__main__":
    unittest.main()
