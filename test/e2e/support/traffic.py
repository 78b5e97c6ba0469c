# SPDX-License-Identifier: Apache-2.0
"""Senders of everything that is not a plain span: log records, metric points, spans that are announced
before they end, and lifecycle events. Each keeps a request until it is acknowledged, and can tell
afterwards what of it is lost, doubled or wrong."""

import collections
import datetime
import http.client
import json
import os
import random
import time
from typing import Any, Callable

from support import otlp
from support.senders import JSON, Fate, HttpSender
from support.server import TRACES, Answer, Server
from support.workload import Findings, Ledger, Trace

SIZES = (1, 3, 20, 200)
LARGE = 5000  # More than the server takes in one piece.
LARGE_SHARE = 0.02
PAGE = 1000
SPANS_OF_LIFECYCLE_RUN = 3
EVENTS = "/api/v1/events"


def size_of(rng: random.Random) -> int:
    return LARGE if rng.random() < LARGE_SHARE else rng.choice(SIZES)


def fate_of(post: Callable[[], Answer]) -> Fate:
    try:
        answer = post()
    except (OSError, http.client.HTTPException):
        return Fate.UNKNOWN
    if answer.status == 200:
        return Fate.ACKNOWLEDGED
    if answer.status in (429, 502, 503, 504):
        return Fate.REFUSED
    raise AssertionError(f"a request was answered {answer.status} {answer.body[:500]!r}")


class NumberedTraffic:
    """Numbers that count up: each was sent, and was acknowledged or not."""

    def __init__(self, rng: random.Random):
        self._rng = rng
        self.sent = 0
        self.acknowledged: set[int] = set()

    def connect(self, server: Server) -> HttpSender:
        return HttpSender(server, JSON)

    def make(self) -> list[int]:
        first, self.sent = self.sent + 1, self.sent + size_of(self._rng)
        return list(range(first, self.sent + 1))

    def acknowledge(self, numbers: list[int]) -> None:
        self.acknowledged.update(numbers)

    def compare(self, what: str, read: list[int]) -> Findings:
        """Everything is acknowledged: each number must have been read once, also where it was sent again
        because no answer came."""
        findings = Findings()
        expected = set(range(1, self.sent + 1))
        findings.lost += [f"{what} {number}" for number in sorted(expected - set(read))]
        times = collections.Counter(read)
        findings.duplicated += [
            f"{what} {number} {count} times" for number, count in sorted(times.items())
            if count > 1
        ]
        findings.wrong += [f"{what} {number} was never sent" for number in sorted(set(read) - expected)]
        return findings


class LogTraffic(NumberedTraffic):
    """Log records, half of them in a trace."""

    SERVICE = "faults-logs"

    def __init__(self, rng: random.Random, ledger: Ledger):
        super().__init__(rng)
        self._trace = ledger.new_trace_with_span_later().trace_id.hex()

    def send(self, sender: HttpSender, numbers: list[int]) -> Fate:
        records = [self._record(number) for number in numbers]
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": self.SERVICE}}]}
        body = {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": records}]}]}
        return fate_of(lambda: sender.post(json.dumps(body).encode(), "/v1/logs"))

    def _record(self, number: int) -> dict[str, Any]:
        # The same bytes each time that it is sent: a time of its own would make it another record.
        record = {"timeUnixNano": str(self._time_ns + number), "body": {"stringValue": f"record {number}"},
                  "severityNumber": 9}
        return record | ({"traceId": self._trace} if number % 2 else {})

    _time_ns = time.time_ns()

    def verify(self, server: Server) -> Findings:
        read, cursor = [], {}
        while True:
            page = server.get_json("/api/v1/observability/logs", service=self.SERVICE, limit=PAGE, **cursor)
            read += [int(log["message"].removeprefix("record ")) for log in page["logs"]]
            if page["next_cursor"] is None:
                return self.compare("log record", read)
            cursor = {"cursor": page["next_cursor"]}


class MetricTraffic(NumberedTraffic):
    """Points of one gauge, one a microsecond; their value is their number."""

    NAME = "faults.number"

    _time_ns = time.time_ns()

    def send(self, sender: HttpSender, numbers: list[int]) -> Fate:
        points = [{"timeUnixNano": str(self._time_ns + 1000 * n), "asDouble": float(n)} for n in numbers]
        metric = {"name": self.NAME, "gauge": {"dataPoints": points}}
        body = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}
        return fate_of(lambda: sender.post(json.dumps(body).encode(), "/v1/metrics"))

    def verify(self, server: Server) -> Findings:
        answer = server.get_json("/api/v1/observability/metrics/query", name=self.NAME)
        points = [point for series in answer["series"] for point in series["points"]]
        return self.compare("metric point", [int(point["value"]) for point in points])


class PendingTraffic:
    """Traces whose spans are announced in one request and end in the next."""

    def __init__(self, rng: random.Random, ledger: Ledger):
        self._rng = rng
        self._ledger = ledger
        self._announced: list[otlp.Span] | None = None

    @property
    def is_unfinished(self) -> bool:
        return self._announced is not None

    def connect(self, server: Server) -> HttpSender:
        return HttpSender(server)

    def make(self) -> list[otlp.Span]:
        if self._announced is not None:
            spans, self._announced = self._announced, None
            return spans
        trace: Trace = self._ledger.new_trace()
        self._announced = [self._ledger.new_span(trace) for _ in range(self._rng.randint(1, 12))]
        return [announcement(span) for span in self._announced]

    def send(self, sender: HttpSender, spans: list[otlp.Span]) -> Fate:
        return sender.send(spans)

    def acknowledge(self, spans: list[otlp.Span]) -> None:
        if self._announced is None:
            self._ledger.acknowledge(spans)

    def verify(self, _: Server) -> Findings:
        return Findings()  # The ledger's traces are read by those who verify it.


def announcement(span: otlp.Span) -> otlp.Span:
    """The sign that `span` has started, in the form that Logfire sends."""
    attributes = span.attributes | {
        "logfire.span_type": "pending_span",
        "logfire.pending_parent_id": (span.parent_span_id or bytes(8)).hex(),
    }
    return otlp.Span(span.trace_id, os.urandom(8), span.name, span.span_id, span.start_ns, span.start_ns,
                     attributes)


class LifecycleSender:
    def __init__(self, server: Server):
        self._connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=60)

    def close(self) -> None:
        self._connection.close()

    def post(self, events: list[dict[str, Any]]) -> Answer:
        try:
            self._connection.request("POST", EVENTS, json.dumps(events), {"Content-Type": JSON})
            return Answer(self._connection.getresponse())
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise


class LifecycleTraffic:
    """Runs of three steps that start in one request and finish in the next."""

    def __init__(self, rng: random.Random, seed: int):
        self._rng = rng
        self._seed = seed
        self._runs = 0
        self._halves: list[list[dict[str, Any]]] = []
        self.finished: list[str] = []

    @property
    def is_unfinished(self) -> bool:
        return bool(self._halves)

    def connect(self, server: Server) -> LifecycleSender:
        return LifecycleSender(server)

    def make(self) -> list[dict[str, Any]]:
        if not self._halves:
            runs = [self._new_run() for _ in range(self._rng.choice((1, 1, 5, 40)))]
            self._halves = [[event for run in runs for event in run[:2]],
                            [event for run in runs for event in run[2:]]]
        return self._halves.pop(0)

    def _new_run(self) -> list[dict[str, Any]]:
        self._runs += 1
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        run = {"execution_id": f"crash-{self._seed}-{self._runs}", "timestamp": now}
        step = {"step_id": "plan", "step_name": "plan", "kind": "agent", "agent_id": "planner"}
        call = {"provider": "openai", "model": "gpt-4o", "input_tokens": 10, "output_tokens": 5}
        return [
            run | {"type": "execution.started", "workflow_id": "crash"},
            run | {"type": "step.started"} | step,
            run | {"type": "llm.call", "step_id": "plan",} | call,
            run | {"type": "step.finished", "status": "completed"} | step,
            run | {"type": "execution.finished", "status": "completed"},
        ]

    def send(self, sender: LifecycleSender, events: list[dict[str, Any]]) -> Fate:
        return fate_of(lambda: sender.post(events))

    def acknowledge(self, events: list[dict[str, Any]]) -> None:
        self.finished += [event["execution_id"] for event in events if event["type"] == "execution.finished"]

    def trace_ids(self, server: Server) -> set[str]:
        return {server.get_json(f"{TRACES}/{run}")["trace_id"] for run in self.finished}

    def verify(self, server: Server) -> Findings:
        findings = Findings()
        for run in self.finished:
            answer = server.get(f"{TRACES}/{run}")
            if answer.status == 404:
                findings.lost.append(f"run {run}")
                continue
            shown = answer.json()
            facts = (shown["status"], shown["span_count"], shown["total_tokens"], shown["repeated_spans"])
            if facts != ("completed", SPANS_OF_LIFECYCLE_RUN, 15, 0):
                findings.wrong.append(f"run {run} reads {facts}")
        return findings
