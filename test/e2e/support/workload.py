# SPDX-License-Identifier: Apache-2.0
"""Concurrent senders of numbered spans, and a ledger that tells which of them must be stored.

A sender keeps a request until it is acknowledged and sends it again after every failure, as OTLP
clients do. So a span whose first answer was lost is sent twice, and must be stored once.
"""

import concurrent.futures
import hashlib
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable

from support import otlp
from support.senders import JSON, PROTOBUF, Fate, GrpcSender, HttpSender
from support.server import Server

BATCH_SIZES = (1, 2, 5, 20, 60)
LARGE_BATCH = 5000  # More than the server takes in one piece.
LARGE_SHARE = 0.004
LONG_TRACE_REQUESTS = 12
THINK_SECONDS = 0.1  # At most, between two requests: enough load to be killed in, little to read.
RETRY_SECONDS = 0.02
READERS = 3

# Long enough to be shared message bodies; few, so that spans of many requests refer to one body.
TEXTS = [f"Text {i}: " + hashlib.sha256(str(i).encode()).hexdigest() * 6 for i in range(40)]


@dataclass
class Trace:
    trace_id: bytes
    sent: dict[bytes, int] = field(default_factory=dict)  # Number by span id.
    acknowledged: set[bytes] = field(default_factory=set)


@dataclass
class Findings:
    """What reading traces back showed."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Findings") -> None:
        self.lost += other.lost
        self.duplicated += other.duplicated
        self.wrong += other.wrong

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.duplicated or self.wrong)

    def describe(self) -> str:
        return "\n".join((self.lost + self.duplicated + self.wrong)[:40])


class Ledger:
    """Everything that was sent. Numbers count up; they are the spans' ids. Thread: any."""

    def __init__(self, seed: int):
        self._lock = threading.Lock()
        self._seed = seed
        self._next_number = 1
        self.traces: dict[bytes, Trace] = {}
        self.acknowledged_spans = 0
        self._touched: dict[bytes, None] = {}  # In order of their last acknowledgement.

    def new_trace(self) -> Trace:
        with self._lock:
            name = f"{self._seed}/{len(self.traces)}".encode()
            trace = Trace(hashlib.blake2b(name, digest_size=16).digest())
            self.traces[trace.trace_id] = trace
            return trace

    def new_trace_with_span_later(self) -> Trace:
        """For log records that name a trace: it is one of those with spans, whatever happens."""
        return self.new_trace() if not self.traces else next(iter(self.traces.values()))

    def new_span(self, trace: Trace) -> otlp.Span:
        with self._lock:
            number = self._next_number
            self._next_number += 1
            span_id = number.to_bytes(8, "big")
            root = next(iter(trace.sent), b"")
            trace.sent[span_id] = number
        now = time.time_ns()
        return otlp.Span(
            trace_id=trace.trace_id,
            span_id=span_id,
            parent_span_id=root,
            name=f"span {number}",
            start_ns=now - 1_000_000,
            end_ns=now,
            attributes={"faults.number": number, "faults.text": TEXTS[number % len(TEXTS)]},
            has_error=is_failed(number),
        )

    def acknowledge(self, spans: list[otlp.Span]) -> None:
        with self._lock:
            self.acknowledged_spans += len(spans)
            for span in spans:
                self.traces[span.trace_id].acknowledged.add(span.span_id)
                self._touched.pop(span.trace_id, None)
                self._touched[span.trace_id] = None

    def take_touched(self) -> list[Trace]:
        """Traces with acknowledgements since the last call, the newest last."""
        with self._lock:
            touched, self._touched = self._touched, {}
            return [self.traces[trace_id] for trace_id in touched]

    @property
    def sent_spans(self) -> int:
        return self._next_number - 1


def is_failed(number: int) -> bool:
    return number % 7 == 0


class SpanTraffic:
    """What one sender of plain spans sends."""

    def __init__(self, index: int, ledger: Ledger, shared_trace: Trace, rng: random.Random):
        self._index = index
        self._ledger = ledger
        self._batches = BatchMaker(ledger, shared_trace, rng)

    def connect(self, server: Server) -> HttpSender | GrpcSender:
        return connect(self._index, server)

    def make(self) -> list[otlp.Span]:
        return self._batches.make()

    def send(self, sender: HttpSender | GrpcSender, spans: list[otlp.Span]) -> Fate:
        return sender.send(spans)

    def acknowledge(self, spans: list[otlp.Span]) -> None:
        self._ledger.acknowledge(spans)


class Workload:
    """Sends until it is stopped. Start it, attach() it to each server that is started.

    `more` makes further traffic of the ledger, a thread for each: see support/traffic.py.
    """

    def __init__(self, seed: int, senders: int = 4, more: Callable[[Ledger], list[Any]] = lambda _: []):
        self.ledger = Ledger(seed)
        self.problems: list[str] = []
        self._shared_trace = self.ledger.new_trace()
        self._changed = threading.Condition()
        self._server: Server | None = None
        self._generation = 0
        self._is_draining = False
        self._is_stopped = False
        self._idle = 0
        self.traffic: list[Any] = [
            SpanTraffic(i, self.ledger, self._shared_trace, random.Random(seed * 1000 + i))
            for i in range(senders)
        ] + more(self.ledger)
        self._threads = [
            threading.Thread(target=self._run, args=(i, random.Random(seed * 2000 + i)), daemon=True)
            for i in range(len(self.traffic))
        ]
        for thread in self._threads:
            thread.start()

    def attach(self, server: Server) -> None:
        """Sends to a server that has just become ready."""
        with self._changed:
            self._server = server
            self._generation += 1
            self._changed.notify_all()

    def detach(self) -> None:
        """The server is gone or going: senders wait for the next one once a request fails."""
        with self._changed:
            self._server = None

    def drain(self, seconds: float) -> None:
        """Nothing new: returns when every request was acknowledged."""
        with self._changed:
            self._is_draining = True
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._idle == len(self._threads), seconds):
                raise AssertionError(f"requests were not acknowledged within {seconds} s")

    def resume(self) -> None:
        with self._changed:
            self._is_draining = False
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self, index: int, rng: random.Random) -> None:
        try:
            self._send_all(index, rng)
        except Exception as error:  # The test fails with it instead of hanging.
            with self._changed:
                self.problems.append(f"sender {index}: {error!r}")
                self._idle += 1
                self._changed.notify_all()

    def _send_all(self, index: int, rng: random.Random) -> None:
        traffic = self.traffic[index]
        pending: Any = None
        generation = 0
        sender = None
        while self._wait_for_work(pending is not None or getattr(traffic, "is_unfinished", False)):
            with self._changed:
                server, current = self._server, self._generation
            if server is None:
                self._wait_for_server(generation)
                continue
            if current != generation:
                if sender is not None:
                    sender.close()
                sender, generation = traffic.connect(server), current
            pending = pending or traffic.make()
            fate = traffic.send(sender, pending)
            if fate is Fate.ACKNOWLEDGED:
                traffic.acknowledge(pending)
                pending = None
                time.sleep(rng.uniform(0, THINK_SECONDS))
            else:
                time.sleep(RETRY_SECONDS)  # The back-off of a client.
        if sender is not None:
            sender.close()

    def _wait_for_work(self, has_pending: bool) -> bool:
        """False once it is stopped."""
        with self._changed:
            if self._is_draining and not has_pending and not self._is_stopped:
                self._idle += 1
                self._changed.notify_all()
                self._changed.wait_for(lambda: not self._is_draining or self._is_stopped)
                self._idle -= 1
            return not self._is_stopped

    def _wait_for_server(self, generation: int) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stopped or (self._server and self._generation != generation)
            )


def connect(index: int, server: Server) -> HttpSender | GrpcSender:
    """Half of the senders speak gRPC; of the others one speaks JSON."""
    if index % 2 == 0:
        return GrpcSender(server)
    return HttpSender(server, JSON if index % 4 == 3 else PROTOBUF)


class BatchMaker:
    """Makes the requests of one sender: whole traces, pieces of a trace that grows over many
    requests, and pieces of one trace that all senders add to."""

    def __init__(self, ledger: Ledger, shared_trace: Trace, rng: random.Random):
        self._ledger = ledger
        self._shared_trace = shared_trace
        self._rng = rng
        self._long_trace = ledger.new_trace()
        self._long_requests = 0

    def make(self) -> list[otlp.Span]:
        size = LARGE_BATCH if self._rng.random() < LARGE_SHARE else self._rng.choice(BATCH_SIZES)
        kind = self._rng.random()
        if kind < 0.1:
            return self._piece_of(self._shared_trace, min(size, 3))
        if kind < 0.4:
            self._long_requests += 1
            if self._long_requests % LONG_TRACE_REQUESTS == 0:
                self._long_trace = self._ledger.new_trace()
            return self._piece_of(self._long_trace, min(size, 20))
        spans: list[otlp.Span] = []
        while len(spans) < size:
            trace_size = min(self._rng.randint(5, 60), size - len(spans))
            spans += self._piece_of(self._ledger.new_trace(), trace_size)
        return spans

    def _piece_of(self, trace: Trace, size: int) -> list[otlp.Span]:
        return [self._ledger.new_span(trace) for _ in range(size)]


def verify_trace(
    trace: Trace, promised: set[bytes], read: dict[str, Any] | None, is_complete: bool
) -> Findings:
    """Holds one trace as it is read against what was promised to be there. Spans that were sent and
    not acknowledged may be there or not, unless the trace `is_complete`."""
    findings = Findings()
    name = trace.trace_id.hex()
    if read is None:
        if promised:
            findings.lost.append(f"trace {name} with {len(promised)} acknowledged spans")
        return findings
    spans = read["spans"]
    numbers = {bytes.fromhex(span["span_id"]): span for span in spans}
    for span_id in promised - numbers.keys():
        findings.lost.append(f"span {trace.sent[span_id]} of trace {name}")
    repeats = len(spans) - len(numbers) + read["repeated_spans"]
    findings.duplicated += [f"a span of trace {name}"] * repeats
    for span_id, span in numbers.items():
        number = trace.sent.get(span_id)
        expected = {"faults.number": number, "faults.text": TEXTS[(number or 0) % len(TEXTS)]}
        if number is None or span["attributes"] != expected or span["name"] != f"span {number}":
            findings.wrong.append(f"span {number} of trace {name} reads {span}")
    failed = sum(is_failed(trace.sent.get(span_id, 0)) for span_id in numbers)
    summary = (read["span_count"], read["error_count"])
    if summary != (len(numbers), failed) or (is_complete and len(numbers) != len(trace.sent)):
        findings.wrong.append(
            f"trace {name}: summary {summary}, read {len(numbers)}, {failed} failed, "
            f"sent {len(trace.sent)}"
        )
    return findings


def verify_traces(server: Server, traces: list[Trace], is_complete: bool = False) -> Findings:
    findings = Findings()

    def verify(trace: Trace) -> Findings:
        promised = set(trace.acknowledged)  # Before the read: more may come while it runs.
        return verify_trace(trace, promised, server.trace(trace.trace_id), is_complete)

    with concurrent.futures.ThreadPoolExecutor(READERS) as pool:
        for found in pool.map(verify, traces):
            findings.add(found)
    return findings


def verify_lists(server: Server, ledger: Ledger, others: frozenset[str] = frozenset()) -> Findings:
    """The list shows every trace once, with the right counts, and `others`, which the ledger does not
    have. Everything must be acknowledged."""
    findings = Findings()
    expected = {t.trace_id.hex(): t for t in ledger.traces.values() if t.sent}
    seen: set[str] = set()
    cursor: dict[str, str] = {}
    while True:
        page = server.list_traces(limit=1000, **cursor)
        if page["total"] != len(expected) + len(others):
            findings.wrong.append(f"list total {page['total']}, sent {len(expected)} and {len(others)}")
        for item in page["traces"]:
            if item["trace_id"] in others:
                continue
            trace = expected.get(item["trace_id"])
            failed = sum(map(is_failed, trace.sent.values())) if trace else None
            if trace is None or item["trace_id"] in seen:
                findings.duplicated.append(f"trace {item['trace_id']} in the list")
            elif (item["span_count"], item["error_count"]) != (len(trace.sent), failed):
                findings.wrong.append(f"list entry {item}, sent {len(trace.sent)}")
            seen.add(item["trace_id"])
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    findings.lost += [f"trace {name} in the list" for name in expected.keys() - seen]
    with_errors = sum(any(map(is_failed, t.sent.values())) for t in expected.values())
    total = server.list_traces(has_error="true", limit=1)["total"]
    if total != with_errors:
        findings.wrong.append(f"list of traces with errors: total {total}, sent {with_errors}")
    return findings
