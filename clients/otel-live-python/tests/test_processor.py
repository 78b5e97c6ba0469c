# SPDX-License-Identifier: Apache-2.0
import logging
import os
import subprocess
import sys
import threading
import time
import unittest
from unittest import mock

from support import DEADLINE_SECONDS, Receiver, until

from opentelemetry import context as otel_context
from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult

from sightline_otel_live import LiveSpanProcessor

LONG_MILLIS = 600_000


class FakeExporter(SpanExporter):
    """Keeps the names of what it gets; `answer` may be replaced."""

    def __init__(self):
        self.names = []
        self.shutdowns = 0
        self.answer = lambda: SpanExportResult.SUCCESS

    def export(self, spans):
        self.names += [span.name for span in spans]
        return self.answer()

    def shutdown(self):
        self.shutdowns += 1


class RecordOnly(Sampler):
    def should_sample(self, *_, **__):
        return SamplingResult(Decision.RECORD_ONLY)

    def get_description(self):
        return "record only"


class ProcessorTest(unittest.TestCase):
    def set_up(self, sampler=None, exporter=None, **options):
        self.exporter = exporter or FakeExporter()
        self.processor = LiveSpanProcessor(exporter=self.exporter, **{"delay_millis": 1, **options})
        self.addCleanup(self.processor.shutdown)
        self.provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
        self.provider.add_span_processor(self.processor)
        self.start = self.provider.get_tracer("test").start_span

    def until_stats(self, **expected):
        def matches():
            stats = self.processor.stats
            return all(getattr(stats, name) == value for name, value in expected.items())

        until(matches, lambda: f"{expected} never came: {self.processor.stats}")

    def assert_all_counted(self, started):
        stats = self.processor.stats
        total = stats.waiting + stats.sent + stats.ended_first
        total += stats.filtered + stats.dropped + stats.rejected
        self.assertEqual(total, started, stats)

    def test_sends_a_span_while_it_runs(self):
        self.set_up()
        span = self.start("agent")
        self.until_stats(sent=1)
        self.assertTrue(span.is_recording())
        self.assertEqual(self.exporter.names, ["agent"])

    def test_goes_on_after_a_quiet_time_and_after_spans_that_ended_first(self):
        self.set_up(delay_millis=20)
        for name in ("first", "second"):
            self.start("short").end()
            self.start(name)
            until(lambda: name in self.exporter.names)
        self.assertEqual(self.exporter.names, ["first", "second"])
        self.until_stats(ended_first=2)

    def test_does_not_send_a_span_that_is_not_sampled(self):
        self.set_up(sampler=RecordOnly())
        self.assertTrue(self.start("recorded").is_recording())
        self.processor.force_flush()
        self.assertEqual(self.exporter.names, [])
        self.assert_all_counted(0)

    def test_sends_what_is_known_when_the_batch_goes_out(self):
        self.set_up(delay_millis=LONG_MILLIS, span_filter="gen_ai")
        span = self.start("agent")
        span.set_attribute("gen_ai.agent.name", "planner")
        span.update_name("agent planner")
        self.start("http")
        self.assertTrue(self.processor.force_flush())
        self.assertEqual(self.exporter.names, ["agent planner"])
        self.until_stats(sent=1, filtered=1)

    def test_knows_gen_ai_spans_by_attribute_and_by_scope(self):
        attributes = {
            "gen_ai.operation.name": True,
            "openinference.span.kind": True,
            "traceloop.span.kind": True,
            "ai.operationId": True,
            "ai.team": False,
            "http.request.method": False,
        }
        self.set_up(delay_millis=LONG_MILLIS, span_filter="gen_ai")
        for key in attributes:
            self.start(key, attributes={key: "x"})
        self.provider.get_tracer("strands.telemetry.tracer").start_span("cycle")
        self.processor.force_flush()
        expected = [key for key, is_sent in attributes.items() if is_sent]
        self.assertEqual(self.exporter.names, [*expected, "cycle"])

    def test_a_filter_may_be_a_function_and_may_start_spans(self):
        def wanted(span):
            if span.name == "agent":
                self.start("from the filter").end()
            return span.name == "agent"

        self.set_up(delay_millis=LONG_MILLIS, span_filter=wanted)
        self.start("agent")
        self.start("tool")
        self.assertTrue(self.processor.force_flush())
        self.assertEqual(self.exporter.names, ["agent"])

    def test_a_filter_that_raises_leaves_the_span_out(self):
        self.set_up(span_filter=lambda span: span.no_such_thing)
        self.start("agent")
        self.until_stats(filtered=1, errors=1)
        self.assertIn("no_such_thing", self.processor.stats.last_error)

    def test_leaves_out_logs_and_pending_spans_of_others(self):
        self.set_up(delay_millis=LONG_MILLIS)
        for kind in ("log", "pending_span", "span"):
            self.start(kind, attributes={"logfire.span_type": kind})
        self.processor.force_flush()
        self.assertEqual(self.exporter.names, ["span"])

    def test_an_exporter_that_raises_is_a_refusal(self):
        self.set_up()

        def fail():
            raise OSError("broken")

        self.exporter.answer = fail
        with self.assertLogs("sightline_otel_live", logging.WARNING) as logs:
            self.start("agent")
            self.until_stats(rejected=1, failed_exports=1)
        self.assertEqual(self.processor.stats.last_error, "OSError: broken")
        self.assertEqual(len(logs.records), 1)

    def test_a_logger_that_raises_does_no_harm(self):
        class Broken(logging.Handler):
            def handle(self, record):
                raise OSError("no paper")

        logger, handler = logging.getLogger("sightline_otel_live"), Broken()
        logger.addHandler(handler)
        self.addCleanup(logger.removeHandler, handler)
        self.set_up()
        self.exporter.answer = lambda: SpanExportResult.FAILURE
        self.start("lost")
        self.until_stats(rejected=1)
        self.exporter.answer = lambda: SpanExportResult.SUCCESS
        self.start("kept")
        self.assertTrue(self.processor.force_flush())
        self.until_stats(sent=1)

    def test_wrong_calls_do_not_reach_the_program(self):
        self.set_up()
        self.processor.on_start(None)
        self.processor.on_end(None)
        self.assertEqual(self.processor.stats.errors, 2)

    def test_exports_without_instrumentation(self):
        self.set_up()
        seen = []

        def answer():
            seen.append(otel_context.get_value(_SUPPRESS_INSTRUMENTATION_KEY))
            return SpanExportResult.SUCCESS

        self.exporter.answer = answer
        self.start("agent")
        self.until_stats(sent=1)
        self.assertEqual(seen, [True])

    def test_flushing_ignores_delay_and_rate_and_batch_size(self):
        self.set_up(delay_millis=LONG_MILLIS, burst=1, spans_per_second=0.001, max_batch_size=2)
        for i in range(5):
            self.start(f"span {i}")
        self.assertTrue(self.processor.force_flush())
        self.assertEqual(self.exporter.names, [f"span {i}" for i in range(5)])

    def test_flushing_stops_at_the_first_failure(self):
        self.set_up(delay_millis=LONG_MILLIS, max_batch_size=2)
        self.exporter.answer = lambda: SpanExportResult.FAILURE
        for i in range(5):
            self.start(f"span {i}")
        self.assertFalse(self.processor.force_flush())
        self.until_stats(rejected=2, waiting=3)

    def test_flushing_waits_no_longer_than_told(self):
        self.set_up(delay_millis=LONG_MILLIS)
        release = threading.Event()
        self.addCleanup(release.set)
        self.exporter.answer = lambda: release.wait(DEADLINE_SECONDS) and SpanExportResult.SUCCESS
        self.start("agent")
        start = time.monotonic()
        self.assertFalse(self.processor.force_flush(timeout_millis=50))
        self.assertLess(time.monotonic() - start, DEADLINE_SECONDS / 2)
        release.set()
        self.until_stats(sent=1)

    def test_flushing_with_nothing_to_send_succeeds(self):
        self.set_up()
        self.assertTrue(self.processor.force_flush())

    def test_shutting_down_flushes_once_and_takes_nothing_more(self):
        self.set_up(delay_millis=LONG_MILLIS)
        self.start("before")
        self.provider.shutdown()
        self.processor.shutdown()
        self.start("after")
        self.assertEqual(self.exporter.names, ["before"])
        self.assertEqual(self.exporter.shutdowns, 1)
        self.assert_all_counted(1)

    def test_shutting_down_ends_the_thread_and_counts_what_is_lost(self):
        self.set_up(delay_millis=LONG_MILLIS, max_batch_size=1)
        self.exporter.answer = lambda: SpanExportResult.FAILURE
        threads = set(threading.enumerate())
        for i in range(3):
            self.start(f"span {i}")
        [worker] = set(threading.enumerate()) - threads
        self.processor.shutdown()
        worker.join(DEADLINE_SECONDS)
        self.assertFalse(worker.is_alive())
        self.until_stats(rejected=1, dropped=2, waiting=0)

    def test_a_span_may_start_where_the_lock_is_held_as_in_a_signal_handler(self):
        self.set_up(delay_millis=LONG_MILLIS)

        def interrupted():
            with self.processor._condition:
                self.start("from the handler").end()

        worker = threading.Thread(target=interrupted, daemon=True)
        worker.start()
        worker.join(DEADLINE_SECONDS)
        self.assertFalse(worker.is_alive())
        self.until_stats(ended_first=1)

    def test_many_threads_lose_nothing(self):
        self.set_up(max_queue_size=100_000, spans_per_second=1e9, burst=1_000_000)
        threads, each = 8, 200

        def work(number):
            for i in range(each):
                span = self.start(f"{number} {i}")
                span.set_attribute("late", i)
                if i % 3 == 0:
                    span.end()

        workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.processor.force_flush()
        self.until_stats(waiting=0, errors=0)
        self.assert_all_counted(threads * each)
        self.assertEqual(len(set(self.exporter.names)), len(self.exporter.names))
        self.assertEqual(self.processor.stats.sent, len(self.exporter.names))


class HttpTest(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)

    def set_up(self, **options):
        endpoint = options.pop("endpoint", self.receiver.url)
        self.processor = LiveSpanProcessor(endpoint, **{"delay_millis": LONG_MILLIS, **options})
        self.addCleanup(self.processor.shutdown)
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(self.processor)
        self.start = provider.get_tracer("test").start_span

    def test_sends_again_after_answers_that_allow_it(self):
        for status in (429, 502, 503, 504):
            with self.subTest(status):
                self.receiver.requests.clear()
                self.receiver.answers = [(status, {}, b"later"), (200, {}, b"{}")]
                self.set_up()
                self.start("long")
                short = self.start("short")
                self.assertFalse(self.processor.force_flush())
                self.assertEqual(self.processor.stats.waiting, 2)
                short.end()
                self.assertTrue(self.processor.force_flush())
                self.assertEqual(self.receiver.names(), ["long", "short", "long"])
                self.assertEqual(self.processor.stats.ended_first, 1)

    def test_takes_other_answers_as_final(self):
        for status in (400, 401, 404, 413, 500):
            with self.subTest(status):
                self.receiver.answers = [(status, {}, b"no")]
                self.set_up()
                self.start("agent")
                self.assertFalse(self.processor.force_flush())
                self.assertEqual(self.processor.stats.rejected, 1)
                self.assertRegex(self.processor.stats.last_error, f"{status}.*no")

    def test_takes_any_body_of_a_success(self):
        for body in (b"", b"not json", b"null", b"[]", b'{"partialSuccess":{}}', b"x" * 200_000):
            with self.subTest(body[:20]):
                self.receiver.answers = [(200, {}, body)]
                self.set_up()
                self.start("agent")
                self.assertTrue(self.processor.force_flush(), self.processor.stats)
                self.assertEqual(self.processor.stats.sent, 1)

    def test_counts_spans_that_the_server_rejects(self):
        self.receiver.answers = [(200, {}, b'{"partialSuccess":{"rejectedSpans":"1"}}')]
        self.set_up()
        self.start("good")
        self.start("bad")
        self.processor.force_flush()
        self.assertEqual((self.processor.stats.sent, self.processor.stats.rejected), (1, 1))

    def test_sends_headers(self):
        self.set_up(headers={"authorization": "Bearer 1"})
        self.start("agent")
        self.processor.force_flush()
        self.assertEqual(self.receiver.requests[0][1]["authorization"], "Bearer 1")

    def test_gives_a_server_that_does_not_answer_one_time_limit(self):
        self.receiver.gate.clear()
        self.set_up(export_timeout_millis=30)
        self.start("agent")
        self.assertFalse(self.processor.force_flush())
        self.assertIn("timed out", self.processor.stats.last_error)
        self.assertEqual(self.processor.stats.waiting, 1)

    def test_drops_at_the_end_what_comes_back_after_the_shutdown(self):
        self.receiver.gate.clear()
        self.set_up(delay_millis=0, export_timeout_millis=200)
        self.start("agent")
        until(lambda: self.receiver.requests)
        with mock.patch("sightline_otel_live._processor._SHUTDOWN_MILLIS", 1):
            self.processor.shutdown()
        until(lambda: self.processor.stats.waiting == 0, lambda: str(self.processor.stats))
        self.assertEqual(self.processor.stats.dropped, 1)
        self.assertGreater(self.processor.stats.failed_exports, 0)

    def test_keeps_spans_for_a_server_that_is_down(self):
        self.receiver.stop()
        self.set_up()
        self.start("agent")
        self.assertFalse(self.processor.force_flush())
        self.assertIn("ConnectionRefusedError", self.processor.stats.last_error)
        self.assertEqual(self.processor.stats.waiting, 1)

    def test_refuses_an_endpoint_that_is_none(self):
        for endpoint in ("no url", "ftp://host", "http://"):
            with self.subTest(endpoint):
                self.set_up(endpoint=endpoint)
                self.start("agent")
                self.assertFalse(self.processor.force_flush())
                self.assertEqual(self.processor.stats.rejected, 1)
                self.assertIn("cannot send to the endpoint", self.processor.stats.last_error)


@unittest.skipUnless(hasattr(os, "fork"), "this system does not fork")
class ForkTest(unittest.TestCase):
    """In processes of their own: a fork of the test runner would run the other tests twice."""

    PROGRAM = """
import os, sys, time
from opentelemetry.sdk.trace import TracerProvider
from sightline_otel_live import LiveSpanProcessor

live = LiveSpanProcessor(sys.argv[1], delay_millis=600_000)
provider = TracerProvider(shutdown_on_exit=False)
provider.add_span_processor(live)
tracer = provider.get_tracer("test")
parent = tracer.start_span("of the parent")
with live._condition:
    pid = os.fork()
if pid == 0:
    assert live.stats.waiting == 0, live.stats
    child = tracer.start_span("of the child")
    assert live.force_flush(10_000), live.stats
    assert live.stats.sent == 1, live.stats
    os._exit(0)
status = os.waitpid(pid, 0)[1]
assert status == 0, status
assert live.force_flush(10_000), live.stats
assert live.stats.sent == 1, live.stats
"""

    def test_a_child_sends_its_own_spans_and_no_others(self):
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        run(self.PROGRAM, receiver.url)
        self.assertEqual(receiver.names(), ["of the child", "of the parent"])


class ExitTest(unittest.TestCase):
    PROGRAM = """
import sys
from opentelemetry.sdk.trace import TracerProvider
from sightline_otel_live import LiveSpanProcessor

live = LiveSpanProcessor(sys.argv[1], delay_millis=0, export_timeout_millis=600_000)
provider = TracerProvider(shutdown_on_exit=%s)
provider.add_span_processor(live)
span = provider.get_tracer("test").start_span("agent")
"""

    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)

    def test_a_program_ends_though_the_server_does_not_answer(self):
        self.receiver.gate.clear()
        for shutdown_on_exit in (False, True):
            with self.subTest(shutdown_on_exit=shutdown_on_exit):
                run(self.PROGRAM % shutdown_on_exit, self.receiver.url)

    def test_a_program_that_shuts_down_at_its_end_sends_what_waits(self):
        run(self.PROGRAM % True, self.receiver.url)
        self.assertEqual(self.receiver.names(), ["agent"])


def run(program, *arguments):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"status {done.returncode}:\n{done.stderr}")


if __name__ == "__main__":
    unittest.main()
