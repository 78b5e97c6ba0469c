# SPDX-License-Identifier: Apache-2.0
"""Runs of exactly known times, tokens and outcomes, and the few sums that several tests do by hand."""

import dataclasses
import http.client
import json
import math
import time
from typing import Any, Iterable

from support import cases, otlp
from support.senders import HttpSender
from support.server import Answer, Server, wait_until

SECOND = 1_000_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

# Dollars for 1,000 input and 100 output tokens of gpt-4o at 2.50 and 10 dollars a million.
CALL_COST = 0.0035

OPERATIONS = {"agent": "invoke_agent", "tool": "execute_tool", "llm": "chat"}


@dataclasses.dataclass
class Step:
    """From `begin` to `end` in seconds after the run's start; `below` is the place of its parent among the
    steps, and that of the root when it is None."""

    name: str
    begin: float
    end: float
    kind: str = "tool"
    below: int | None = None
    attributes: dict[str, Any] = dataclasses.field(default_factory=dict)
    has_error: bool = False


def call_of(model: str = "gpt-4o", given: int | None = 1000, said: int | None = 100) -> dict[str, Any]:
    """Attributes of a call of a model; tokens that are None are not told."""
    tokens = {"gen_ai.usage.input_tokens": given, "gen_ai.usage.output_tokens": said}
    told = {name: count for name, count in tokens.items() if count is not None}
    return {"gen_ai.provider.name": "openai", "gen_ai.request.model": model} | told


def make_run(
    workflow: str, start_ns: int, seconds: float, steps: Iterable[Step] = (), has_error: bool = False, **root: Any
) -> list[otlp.Span]:
    """An agent that is a workflow of its own, and its steps; keywords are attributes of the root."""
    steps = list(steps)
    spans = cases.make_trace(1 + len(steps))
    spans[0].name = f"invoke_agent {workflow}"
    spans[0].attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": workflow} | root
    spans[0].has_error = has_error
    times = [(0, seconds)] + [(step.begin, step.end) for step in steps]
    for span, (begin, end) in zip(spans, times):
        span.start_ns, span.end_ns = (start_ns + round(at * SECOND) for at in (begin, end))
    for span, step in zip(spans[1:], steps):
        span.name, span.has_error = step.name, step.has_error
        span.parent_span_id = spans[0 if step.below is None else 1 + step.below].span_id
        named = {"tool": "gen_ai.tool.name", "agent": "gen_ai.agent.name"}.get(step.kind)
        operation = {"gen_ai.operation.name": OPERATIONS[step.kind]} if step.kind in OPERATIONS else {}
        span.attributes = operation | ({named: step.name} if named else {}) | step.attributes
    return spans


def midnight() -> int:
    """The beginning of this day (UTC)."""
    return time.time_ns() // DAY * DAY


class KnownRunsTest(cases.FaultTest):
    deadline_seconds = 120

    def setUp(self) -> None:
        super().setUp()
        # A day that ends while a test runs would change what is expected.
        if DAY - time.time_ns() % DAY < self.deadline_seconds * SECOND:
            self.skipTest("the day (UTC) is about to end")
        self.server: Server = self.start_server()
        self.sent = 0

    def ask(self, path: str, **query: Any) -> Any:
        return self.server.get_json(path, **query)

    def send(self, runs: list[list[otlp.Span]]) -> None:
        """Runs that have ended; returns once all of them are counted."""
        sender = HttpSender(self.server)
        answer = sender.post(otlp.traces_request([span for run in runs for span in run]))
        sender.close()
        self.assertEqual(answer.status, 200)
        self.sent += len(runs)

        def ended() -> int:
            return sum(self.server.list_traces(status=status, limit=1)["total"] for status in ("completed", "failed"))

        wait_until(lambda: ended() == self.sent, 30, "all runs are over")

    def post_events(self, events: list[dict[str, Any]]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["http"], timeout=30)
        connection.request("POST", "/api/v1/events", json.dumps(events), {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        self.assertEqual((answer.status, answer.json()["rejected"]), (200, []), answer.body)


def lower_quantile(values: Iterable[float], share: float) -> float:
    """The value at a share of the way from the smallest to the largest, the lower one between two."""
    ordered = sorted(values)
    return ordered[math.floor(share * (len(ordered) - 1))]


def quantile(values: Iterable[float], share: float) -> float:
    """The same, on the line between two values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def score_interval(part: int, whole: int, z: float) -> tuple[float, float]:
    """Wilson, 1927: the shares p with |part / whole - p| = z * sqrt(p * (1 - p) / whole)."""
    share = part / whole
    # (1 + z²/n) p² - (2 share + z²/n) p + share² = 0
    a, b, c = 1 + z * z / whole, -(2 * share + z * z / whole), share * share
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)
