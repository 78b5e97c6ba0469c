# SPDX-License-Identifier: Apache-2.0
"""SIGTERM: requests in flight are answered, what was acknowledged stays, the next start is quick."""

import contextlib
import signal
import socket
import time

from support import cases, otlp
from support.senders import Fate, GrpcSender, HttpSender
from support.server import Server, check, wait_until
from support.workload import Workload, verify_lists, verify_traces

# The server gives requests five seconds to end; a start without a replay takes less than one.
STOP_SECONDS = 8
START_SECONDS = 5


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class StopTest(cases.FaultTest):
    def stop_quickly(self, server: Server) -> None:
        begin = time.monotonic()
        self.assertEqual(server.stop(), 0, server.log())
        self.assertLess(time.monotonic() - begin, STOP_SECONDS, server.log())

    def test_everything_acknowledged_survives_a_stop_under_load(self) -> None:
        server = self.new_server(seal_rows=500)
        workload = Workload(seed=1)
        self.addCleanup(workload.stop)
        for _ in range(3):
            server.start()
            workload.attach(server)
            before = workload.ledger.acknowledged_spans
            wait_until(
                lambda: workload.ledger.acknowledged_spans > before + 300, 20, "the load is on"
            )
            server.terminate()
            workload.detach()
            self.assertEqual(server.wait(), 0, server.log())
        begin = time.monotonic()
        server.start()
        self.assertLess(time.monotonic() - begin, START_SECONDS)
        workload.attach(server)
        workload.drain(20)
        self.assertEqual(workload.problems, [])
        findings = verify_traces(server, list(workload.ledger.traces.values()), is_complete=True)
        findings.add(verify_lists(server, workload.ledger))
        self.assertTrue(findings.is_clean, findings.describe())

    def test_a_stop_leaves_nothing_to_replay(self) -> None:
        server = self.start_server()
        sender = HttpSender(server)
        for _ in range(5):
            self.assertIs(sender.send(cases.make_trace(20)), Fate.ACKNOWLEDGED)
        sender.close()
        self.stop_quickly(server)
        is_clean, report = check(server.data_dir)
        self.assertTrue(is_clean, report)
        self.assertIn("100 spans", report)
        self.assertIn(" 0 spans not in a day folder yet", report)
        server.start()
        self.assertNotIn("replayed", server.log())
        self.assertEqual(server.list_traces()["total"], 5)

    def test_a_request_in_flight_is_answered_and_kept(self) -> None:
        server = self.start_server()
        spans = cases.make_trace(30)
        body = otlp.traces_request(spans)
        head = (
            "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        connection = socket.create_connection(("127.0.0.1", server.ports["otlp_http"]), timeout=20)
        with contextlib.closing(connection):
            connection.sendall(head.encode() + body[:100])
            self.wait_until_read(server)
            server.terminate()
            wait_until(lambda: server.get("/readyz").status == 503, 5, "/readyz says it is stopping")
            self.assertIn("stopping", server.get("/readyz").json()["detail"])
            self.assertFalse((server.data_dir / "ports.json").exists())
            wait_until(lambda: not is_listening(server.ports["otlp_http"]), 5, "the port refuses")
            connection.sendall(body[100:])
            answer = b""
            while piece := connection.recv(4096):
                answer += piece
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer)
        self.assertIn(b"connection: close", answer.lower())
        self.assertEqual(server.wait(), 0, server.log())
        server.start()
        self.assertEqual(server.trace(spans[0].trace_id)["span_count"], 30)

    def wait_until_read(self, server: Server) -> None:
        """Until the beginning of the only request was read: then that is charged."""
        name = "sightline_ingest_in_flight_bytes"
        wait_until(lambda: server.metrics()[name] > 0, 30, "the request is in flight")

    def test_clients_that_sit_idle_do_not_hold_the_stop_up(self) -> None:
        server = self.start_server()
        senders = [HttpSender(server), GrpcSender(server)]
        for sender in senders:
            self.assertIs(sender.send(cases.make_trace(1)), Fate.ACKNOWLEDGED)
        begin = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - begin, 3, server.log())
        for sender in senders:
            sender.close()

    def test_a_client_that_never_finishes_does_not_hold_the_stop_up(self) -> None:
        server = self.start_server()
        connections = []
        for port in server.ports.values():
            connection = socket.create_connection(("127.0.0.1", port), timeout=20)
            self.addCleanup(connection.close)
            connection.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Le")
            connections.append(connection)
        self.stop_quickly(server)

    def test_an_interrupt_stops_as_well(self) -> None:
        server = self.start_server()
        server.process.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(), 0)


if __name__ == "__main__":
    cases.main()
