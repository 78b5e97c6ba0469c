# SPDX-License-Identifier: Apache-2.0
"""Input that once stopped sealing for good or kept the server from starting: it is stored, the figures
are sane, the server starts again and the check is clean."""

import json
import select
import socket
import struct
import time

from support import cases, otlp
from support.senders import JSON, Fate, HttpSender
from support.server import Server, check, wait_until

LATEST = (1 << 64) - 1
YEARS_20 = 20 * 365 * 86_400 * 10**9
MONITORING = "/api/v1/monitoring"


def gauge(name: bytes) -> bytes:
    """A request with one point of a metric whose name may be any bytes."""
    point = otlp.fixed64(3, time.time_ns()) + otlp.varint(4 << 3 | 1) + struct.pack("<d", 1.5)
    metric = otlp.data(1, name) + otlp.data(3, name) + otlp.data(5, otlp.data(1, point))
    return otlp.data(1, otlp.data(2, otlp.data(1, otlp.data(1, name)) + otlp.data(2, metric)))


class RiverTest(cases.FaultTest):
    def is_sealed(self, server: Server) -> bool:
        figures = server.metrics()
        return figures["sightline_store_unsealed_rows"] == 0 and figures["sightline_store_sealing_ok"] == 1

    def goes_on(self, server: Server) -> None:
        """What came is sealed, more is taken, and it is all there after a restart."""
        wait_until(lambda: self.is_sealed(server), 30, "everything is sealed")
        trace = cases.make_trace(3)
        sender = HttpSender(server)
        self.assertIs(sender.send(trace), Fate.ACKNOWLEDGED)
        sender.close()
        for _ in range(2):
            self.assertEqual(server.stop(), 0)
            is_clean, report = check(server.data_dir)
            self.assertTrue(is_clean, report)
            server.start()
            self.assertEqual(server.trace(trace[0].trace_id)["span_count"], 3)
            self.assertEqual(server.metrics()["sightline_store_quarantined_batches"], 0)

    def test_a_metric_whose_name_is_no_text(self) -> None:
        server = self.start_server(seal_seconds=1)
        sender = HttpSender(server)
        point = {"timeUnixNano": str(time.time_ns()), "asDouble": 1}
        metric = {"name": "m\ud800", "unit": "\udc00", "gauge": {"dataPoints": [point]}}
        body = {"resourceMetrics": [{"scopeMetrics": [{"scope": {"name": "s\ud800"}, "metrics": [metric]}]}]}
        wire = HttpSender(server, JSON)
        self.assertEqual(wire.post(json.dumps(body).encode(), "/v1/metrics").status, 200)
        for name in (b"caf\xe9", b"\xff\xfe", b"\xed\xa0\x80", b"cut \xe2\x82"):
            self.assertEqual(sender.post(gauge(name), "/v1/metrics").status, 200)
        wire.close()
        sender.close()
        self.goes_on(server)
        series = server.get_json("/api/v1/observability/metrics/series")["series"]
        self.assertEqual(len(series), 5)

    def test_runs_that_take_centuries(self) -> None:
        server = self.start_server(seal_seconds=1)
        now = time.time_ns()
        sender = HttpSender(server)
        # Of one workflow: durations that add up to more than a 64-bit number of nanoseconds.
        for start, end, count in ((0, LATEST, 3), (now - YEARS_20, now, 40), (0, now, 6)):
            for _ in range(count):
                [span] = cases.make_trace(1)
                span.start_ns, span.end_ns = start, end
                self.assertIs(sender.send([span]), Fate.ACKNOWLEDGED)
        sender.close()
        self.goes_on(server)
        runs = server.get_json(f"{MONITORING}/metrics/workflow-executions", days=365)
        self.assertGreaterEqual(runs["average_duration"], 0)
        self.assertEqual(server.list_traces(limit=1)["total"], 50)

    def test_one_run_of_many_models(self) -> None:
        server = self.start_server()
        trace_id, now = cases.new_trace_id(), time.time_ns()
        spans = [
            otlp.Span(trace_id, (i + 1).to_bytes(8, "big"), "chat", b"" if i == 0 else (1).to_bytes(8, "big"),
                      now - 10**6, now, {"gen_ai.operation.name": "chat", "gen_ai.request.model": f"model {i}",
                                         "gen_ai.agent.name": f"agent {i}"})
            for i in range(20_000)
        ]
        sender = HttpSender(server)
        self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
        sender.close()
        [listed] = wait_until(lambda: server.list_traces()["traces"], 30, "the run is listed")
        self.assertEqual(listed["trace_id"], trace_id.hex())
        begun = time.monotonic()
        self.assertEqual(server.trace(trace_id)["span_count"], len(spans))
        self.assertLess(time.monotonic() - begun, 20)  # It was quadratic: minutes.


class PoolsTest(cases.FaultTest):
    def test_figures_do_not_wait_for_searches(self) -> None:
        server = self.start_server(seal_seconds=1)
        sender = HttpSender(server)
        text = "a long text that is searched. " * 200
        for number in range(40):
            spans = [span for i in range(60) for span in cases.make_trace(1, note=f"{number} {i} {text}")]
            self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
        sender.close()
        searches = [self.ask(server, f"/api/v1/observability/traces?q=nothing-{i}") for i in range(120)]
        try:
            for path in ("/metrics", "/api/v1/observability/overview", f"{MONITORING}/health"):
                self.assertEqual(server.get(path).status, 200)
            waiting = sum(not self.is_answered(search) for search in searches)
            self.assertGreater(waiting, 10, "the figures came after the searches")
        finally:
            for search in searches:
                search.close()

    def ask(self, server: Server, path: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", server.ports["http"]))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return connection

    def is_answered(self, connection: socket.socket) -> bool:
        return bool(select.select([connection], [], [], 0)[0])


if __name__ == "__main__":
    cases.main()
