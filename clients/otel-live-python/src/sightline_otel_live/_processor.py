# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from typing import List, Mapping, Optional

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter

from sightline_otel_live._environment import Target, target_from_environment, traces_url
from sightline_otel_live._filter import SpanFilter, matches
from sightline_otel_live._pending_queue import Limits, PendingQueue
from sightline_otel_live._pending_span import (
    PendingSpan,
    can_be_pending,
    context_of,
    make_pending_span,
)
from sightline_otel_live._senders import (
    ExporterSender,
    OtlpHttpSender,
    Outcome,
    OutcomeKind,
    RefusingSender,
    Sender,
)
from sightline_otel_live._stats import LiveSpanStats

_logger = logging.getLogger("sightline_otel_live")

# The provider shuts down when the program ends, which is no time to wait for a receiver.
_SHUTDOWN_MILLIS = 2_000


class LiveSpanProcessor(SpanProcessor):
    """Shows spans when they start: sends a pending span for each that does not end at once.

    It does not send the spans themselves; a batch processor beside it does. Starting and ending a
    span costs the program a short lock; a daemon thread, started with the first span, does the
    rest. Whatever goes wrong is counted in `stats` and logged, never raised. A receiver that is
    down gets its spans later, if they still run then. A forked child starts with an empty queue
    and a thread of its own.
    """

    def __init__(
        self,
        endpoint: Optional[str] = None,
        *,
        headers: Optional[Mapping[str, str]] = None,
        exporter: Optional[SpanExporter] = None,
        span_filter: SpanFilter = "all",
        delay_millis: float = 100,
        spans_per_second: float = 100,
        burst: int = 200,
        max_batch_size: int = 64,
        max_queue_size: int = 2_048,
        max_attribute_length: int = 16_384,
        export_timeout_millis: float = 5_000,
    ) -> None:
        """
        endpoint: where OTLP/HTTP is received, e.g. `http://localhost:4318`, with or without
            `/v1/traces`; default: the `OTEL_EXPORTER_OTLP_*` variables, then that address.
        headers: sent with each request, besides those of the variables.
        exporter: sends instead of the built-in OTLP/HTTP. Give the processor one of its own: it
            exports while others do, and shuts it down.
        span_filter: which spans are shown when they start.
        delay_millis: how long spans are collected; those that end meanwhile are not sent early.
        spans_per_second, burst: what is above waits, and is not sent if it ends first.
        max_queue_size: spans that may wait; more are dropped and counted.
        max_attribute_length: attributes with longer text are left to the real span.
        """
        self._filter = span_filter
        self._max_attribute_length = max_attribute_length
        self._timeout = max(0.001, export_timeout_millis / 1_000)
        self._sender = _make_sender(endpoint, headers or {}, exporter)
        self._limits = Limits(
            delay_seconds=max(0.0, delay_millis / 1_000),
            spans_per_second=max(0.001, spans_per_second),
            burst=max(1, burst),
            max_batch_size=max(1, max_batch_size),
            max_queue_size=max(1, max_queue_size),
        )
        self._is_shut_down = False
        self._reset()
        if hasattr(os, "register_at_fork"):
            reset = weakref.WeakMethod(self._reset)
            os.register_at_fork(after_in_child=lambda: (reset() or _nothing)())

    def _reset(self) -> None:
        """Makes what belongs to one process.

        In a forked child the thread is gone, and the lock may be held.
        """
        # Reentrant: a signal handler or a finalizer may start a span while this thread has it.
        self._condition = threading.Condition(threading.RLock())
        self._queue = PendingQueue(self._limits, time.monotonic())
        self._thread: Optional[threading.Thread] = None
        self._batches_to_flush = 0
        self._is_stopping = False

    @property
    def stats(self) -> LiveSpanStats:
        with self._condition:
            return self._queue.stats

    def on_start(self, span: Span, parent_context: Optional[Context] = None) -> None:
        try:
            context = context_of(span)
            if self._is_shut_down or not context.trace_flags.sampled:
                return
            with self._condition:
                is_due = self._queue.add(context.span_id, span, time.monotonic())
                if self._thread is None:
                    self._start_thread()
                elif is_due:
                    self._condition.notify_all()
        except Exception as error:
            self._count_error(error)

    def on_end(self, span: ReadableSpan) -> None:
        try:
            with self._condition:
                self._queue.remove(context_of(span).span_id)
        except Exception as error:
            self._count_error(error)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Has what waits sent now, without regard to delay and rate, until a batch fails.

        False if not everything was sent within the time.
        """
        deadline = time.monotonic() + timeout_millis / 1_000
        with self._condition:
            failures = self._queue.stats.failed_exports
            waiting = self._queue.stats.waiting
            # Counted, because new spans may start all the time.
            self._batches_to_flush = 1 + -(-waiting // self._limits.max_batch_size)
            self._condition.notify_all()
            while self._queue.is_sending() or (
                self._queue.has_waiting() and self._batches_to_flush > 0
            ):
                seconds = deadline - time.monotonic()
                if seconds <= 0 or self._thread is None:
                    return False
                self._condition.wait(seconds)
            self._batches_to_flush = 0
            return self._queue.stats.failed_exports == failures

    def shutdown(self) -> None:
        """Sends what waits, for at most two seconds; what cannot be sent is dropped."""
        with self._condition:
            if self._is_shut_down:
                return
            self._is_shut_down = True
        self.force_flush(_SHUTDOWN_MILLIS)
        with self._condition:
            self._is_stopping = True
            self._queue.drop_all()
            self._condition.notify_all()
        try:
            self._sender.shutdown()
        except Exception as error:
            self._count_error(error)

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._run, name="sightline-otel-live", daemon=True)
        thread.start()
        self._thread = thread

    def _run(self) -> None:
        # Requests of this thread are not to make spans, which would make requests.
        suppress = otel_context._SUPPRESS_INSTRUMENTATION_KEY
        otel_context.attach(otel_context.set_value(suppress, True))
        while self._wait_until_due():
            try:
                outcome = self._send_batch()
            except Exception as error:
                outcome = Outcome(OutcomeKind.REFUSED, f"{type(error).__name__}: {error}")
            self._settle(outcome)

    def _wait_until_due(self) -> bool:
        """False if the thread is to end."""
        with self._condition:
            while not self._is_stopping:
                if self._batches_to_flush > 0 and self._queue.has_waiting():
                    return True
                seconds = self._queue.seconds_until_due(time.monotonic())
                if seconds is not None and seconds <= 0:
                    return True
                self._condition.wait(seconds)
            return False

    def _send_batch(self) -> Outcome:
        batch: List[PendingSpan] = []
        with self._condition:
            limit = self._queue.batch_limit(time.monotonic(), self._batches_to_flush > 0)
        while len(batch) < limit:
            with self._condition:
                spans = self._queue.take(limit - len(batch))
            if not spans:
                break
            made = (self._make_pending(span_id, span) for span_id, span in spans)
            batch += [pending for pending in made if pending is not None]
        if not batch:
            return Outcome(OutcomeKind.ACCEPTED)
        return self._sender.send(batch, self._timeout)

    def _make_pending(self, span_id: int, span: ReadableSpan) -> Optional[PendingSpan]:
        """Looks at the span only now: attributes that were set right after the start count.

        Without the lock: a filter function may start spans.
        """
        pending = None
        try:
            if can_be_pending(span) and matches(self._filter, span):
                pending = make_pending_span(span, self._max_attribute_length)
        except Exception as error:
            self._count_error(error)
        with self._condition:
            if pending is None:
                self._queue.leave_out(span_id)
            else:
                self._queue.count_omitted(pending.omitted_attributes)
        return pending

    def _settle(self, outcome: Outcome) -> None:
        with self._condition:
            self._queue.settle(outcome, time.monotonic())
            if self._is_stopping:
                self._queue.drop_all()
            is_news = self._queue.is_first_failure()
            failed = outcome.kind is not OutcomeKind.ACCEPTED
            self._batches_to_flush = 0 if failed else max(0, self._batches_to_flush - 1)
            self._condition.notify_all()
        if failed:
            level = logging.WARNING if is_news else logging.DEBUG
            _log(level, f"cannot send pending spans: {outcome.reason}")

    def _count_error(self, error: BaseException) -> None:
        with self._condition:
            self._queue.count_error(error)
        _log(logging.DEBUG, f"an error was swallowed: {error}")


def _nothing() -> None:
    pass


def _log(level: int, text: str) -> None:
    try:
        _logger.log(level, text)
    except Exception:
        pass  # There is nowhere left to say it.


def _make_sender(
    endpoint: Optional[str], headers: Mapping[str, str], exporter: Optional[SpanExporter]
) -> Sender:
    if exporter is not None:
        return ExporterSender(exporter)
    try:
        target = target_from_environment(os.environ)
        url = traces_url(endpoint) if endpoint is not None else target.url
        return OtlpHttpSender(Target(url, {**target.headers, **headers}))
    except ValueError as error:
        return RefusingSender(f"cannot send to the endpoint: {error}")
