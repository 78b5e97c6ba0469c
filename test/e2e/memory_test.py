# SPDX-License-Identifier: Apache-2.0
"""What the server holds in memory when requests become many times their size, runs never end and
clients only sit there: within the budget, and everything that was acknowledged is there."""

import concurrent.futures
import contextlib
import gzip
import http.client
import os
import resource
import secrets
import socket
import struct
import time
from pathlib import Path

from support import otlp
from support.cases import FaultTest, main, make_trace, new_trace_id
from support.senders import PROTOBUF, Fate, GrpcSender, HttpSender
from support.server import Answer, Server, wait_until

MEBIBYTE = 1 << 20
SECONDS = 60
SPANS_OF_TRACE = 100


def memory_of(server: Server, field: str) -> int:
    """VmRSS: bytes resident now; VmHWM: the most that there were since reset_peak."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"no {field}")


def reset_peak(server: Server) -> None:
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


def smallest_spans(size: int) -> tuple[bytes, int, bytes]:
    """A request of at most `size` bytes of spans with nothing but ids, their number and a trace id."""
    seed = secrets.token_bytes(8)
    count = size // 30 - 10
    parts = []
    for i in range(count):
        trace_id = seed + struct.pack(">Q", i // SPANS_OF_TRACE + 1)
        parts.append(b"\x12\x1c\x0a\x10" + trace_id + b"\x12\x08" + struct.pack(">Q", i + 1))
    return otlp.data(1, otlp.data(2, b"".join(parts))), count, trace_id


class LargeRequestTest(FaultTest):
    deadline_seconds = 140

    def test_a_request_of_the_smallest_spans_does_not_grow_a_hundredfold(self) -> None:
        server = self.start_server()
        body, count, last_trace = smallest_spans(64 * MEBIBYTE)
        self.assertGreater(count, 2_000_000)
        before = memory_of(server, "VmRSS")
        reset_peak(server)
        wire = http.client.HTTPConnection("127.0.0.1", server.ports["otlp_http"], timeout=self.deadline_seconds)
        begun = time.monotonic()
        wire.request("POST", "/v1/traces", body, {"Content-Type": PROTOBUF})
        answer = Answer(wire.getresponse())
        seconds = time.monotonic() - begun
        wire.close()
        peak = memory_of(server, "VmHWM")
        print(f"{count} spans in {len(body)} bytes: {seconds:.1f} s, resident {before >> 20} MiB "
              f"before, at most {peak >> 20} MiB", flush=True)
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertLess(peak - before, 512 * MEBIBYTE)
        self.assertEqual(server.metrics()["sightline_ingest_spans_total"], count)
        self.assertEqual(server.trace(last_trace)["span_count"], (count - 1) % SPANS_OF_TRACE + 1)

    def test_a_request_that_is_broken_at_its_end_leaves_nothing(self) -> None:
        server = self.start_server()
        body, _, last_trace = smallest_spans(4 * MEBIBYTE)
        answer = HttpSender(server).post(body + b"\x0a\x05ab")
        self.assertEqual(answer.status, 400, answer.body)
        self.assertIsNone(server.trace(last_trace))
        self.assertEqual(server.metrics()["sightline_ingest_spans_total"], 0)


    def test_requests_that_are_refused_give_back_what_they_took(self) -> None:
        """Each has some hundred thousand spans before what is wrong, on a connection and a thread of its own."""
        server = self.start_server()
        body = gzip.compress(smallest_spans(16 * MEBIBYTE)[0] + b"\x0a\x05ab", 1)
        before = memory_of(server, "VmRSS")

        def refuse(_: int) -> int:
            sender = HttpSender(server)
            with contextlib.closing(sender):
                return sender.post(body, Content_Encoding="gzip").status

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            self.assertEqual(set(pool.map(refuse, range(18))), {400})
        grown = memory_of(server, "VmRSS") - before
        print(f"18 refused requests of {len(body) >> 10} KiB: {grown >> 20} MiB more", flush=True)
        self.assertLess(grown, 200 * MEBIBYTE)
        self.assertEqual(server.metrics()["sightline_ingest_spans_total"], 0)


class LargeRunTest(FaultTest):
    deadline_seconds = 140
    SPANS = 100_000

    def test_one_answer_about_a_large_run_is_bounded(self) -> None:
        server = self.start_server()
        trace_id = new_trace_id()
        part = 20_000
        sender = HttpSender(server)
        for first in range(0, self.SPANS, part):
            spans = b"".join(
                b"\x12\x1c\x0a\x10" + trace_id + b"\x12\x08" + struct.pack(">Q", i + 1)
                for i in range(first, first + part)
            )
            answer = sender.post(otlp.data(1, otlp.data(2, spans)))
            self.assertEqual(answer.status, 200, answer.body)
        sender.close()
        path = f"/api/v1/observability/traces/{trace_id.hex()}"
        for what, most_memory in ((f"/spans/{self.SPANS // 2:016x}", 250), ("", 350)):
            before = memory_of(server, "VmRSS")
            reset_peak(server)
            answer = server.get(path + what)
            grown = memory_of(server, "VmHWM") - before
            print(f"{what or 'the run'}: {len(answer.body)} bytes, {grown >> 20} MiB more", flush=True)
            self.assertEqual(answer.status, 200, answer.body[:200])
            self.assertLess(len(answer.body), 40 * MEBIBYTE)
            self.assertLess(grown, most_memory * MEBIBYTE)
        run = answer.json()
        self.assertEqual(run["span_count"], self.SPANS)
        self.assertGreater(len(run["spans"]), 10_000)
        self.assertEqual(len(run["spans"]) + run["spans_left_out"], self.SPANS)


class EndlessRunsTest(FaultTest):
    deadline_seconds = 140
    RUNS = 200_000
    RUNS_OF_REQUEST = 2000

    def test_runs_that_never_end_stay_within_the_budget(self) -> None:
        server = self.start_server(idle_seconds=3600)
        sender = GrpcSender(server)
        for _ in range(self.RUNS // self.RUNS_OF_REQUEST):
            now = time.time_ns()
            # Each is the child of a root that does not come.
            spans = [otlp.Span(new_trace_id(), struct.pack(">Q", i + 2), "step", struct.pack(">Q", 1),
                               now - 1_000_000, now) for i in range(self.RUNS_OF_REQUEST)]
            while sender.send(spans) is not Fate.ACKNOWLEDGED:
                pass  # What was refused is sent again.
        sender.close()
        wait_until(lambda: server.list_traces(limit=1)["total"] == self.RUNS, SECONDS, "every run is listed once")
        resident = memory_of(server, "VmRSS")
        print(f"{self.RUNS} runs that go on: resident {resident >> 20} MiB", flush=True)
        self.assertLess(resident, 700 * MEBIBYTE)
        # It serves on.
        trace = make_trace(3)
        self.assertIs(HttpSender(server).send(trace), Fate.ACKNOWLEDGED)
        self.assertEqual(server.trace(trace[0].trace_id)["span_count"], 3)


class IdleConnectionsTest(FaultTest):
    deadline_seconds = 120
    CONNECTIONS = 6000

    def test_connections_that_say_nothing_hold_little(self) -> None:
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.CONNECTIONS + 500
        if limits[1] != resource.RLIM_INFINITY and limits[1] < 2 * wanted + 1000:
            self.skipTest(f"this process may open only {limits[1]} files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * wanted + 1000, limits[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        server = self.start_server(max_connections=4096, max_connections_per_address=3000)
        before = memory_of(server, "VmRSS")
        with contextlib.ExitStack() as connections:
            for number in range(self.CONNECTIONS):
                port = server.ports[("otlp_http", "http", "otlp_grpc")[number % 3]]
                connection = connections.enter_context(socket.create_connection(("127.0.0.1", port)))
                connection.sendall(b"POST /v1/traces HT" if number % 3 < 2 else b"PRI * HTTP/2.0\r\n\r\n")
            wait_until(lambda: len(os.listdir(f"/proc/{server.process.pid}/fd")) >= self.CONNECTIONS, SECONDS,
                       "every connection is taken")
            held = memory_of(server, "VmRSS") - before
            print(f"{self.CONNECTIONS} idle connections: {held >> 20} MiB", flush=True)
            self.assertLess(held, 200 * MEBIBYTE)
            for sender in (HttpSender(server), GrpcSender(server)):
                self.assertIs(sender.send(make_trace(3)), Fate.ACKNOWLEDGED)
                sender.close()
            self.assertEqual(server.losses()["connection_refused"], 0)


if __name__ == "__main__":
    main()
