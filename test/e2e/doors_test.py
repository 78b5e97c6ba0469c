# SPDX-License-Identifier: Apache-2.0
"""Who may come in and what for: foreign hosts and pages, requests that are not plainly one request, names
that are not text, more connections than there are files, senders that announce and do not send."""

import contextlib
import os
import re
import resource
import signal
import socket
import subprocess
import threading
import time
from typing import Any, Iterator

import grpc
import yaml

from support import otlp
from support.cases import FaultTest, main, make_trace
from support.senders import EXPORT_METHOD, Fate, GrpcSender, HttpSender, grpc_frame
from support.server import BINARY, REPOSITORY, Server, clean_environment, run_command, wait_until

LIST = "/api/v1/observability/traces"
HTTP_PORTS = ("http", "otlp_http")
MEGABYTE = 1 << 20
SECONDS = 30  # The patience with every wait.

HTTP2_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


def connect(server: Server, port: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.ports[port]), SECONDS)


def read_to_end(connection: socket.socket) -> bytes:
    """What comes until the server closes; a reset is an end, too."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            received += part
    return received


def ask(server: Server, port: str, request: bytes) -> bytes:
    """Everything that is answered to `request`, which the client ends."""
    with connect(server, port) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return read_to_end(connection)


def status_of(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return int(found.group(1)) if found else 0


class DoorsTest(FaultTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.start_server()

    def still_serves(self) -> None:
        trace = make_trace(2)
        for sender in (HttpSender(self.server), GrpcSender(self.server)):
            self.assertIs(sender.send(trace), Fate.ACKNOWLEDGED)
            sender.close()
        self.assertEqual(self.server.trace(trace[0].trace_id)["span_count"], 2)


class HostTest(DoorsTest):
    def head(self, line: str, host: str, more: str = "") -> bytes:
        return f"{line}\r\nHost: {host}\r\n{more}\r\n".encode()

    def test_a_foreign_host_gets_nothing(self) -> None:
        trace = make_trace(1, secret="prompt")
        HttpSender(self.server).send(trace)
        for host in ("evil.example", "evil.example:8000", "localhost.evil.example", "", "a@127.0.0.1"):
            for path in ("/", LIST, "/metrics", "/healthz", "/openapi.json", "/no/such/path"):
                with self.subTest(host=host, path=path):
                    answer = ask(self.server, "http", self.head(f"GET {path} HTTP/1.1", host))
                    self.assertEqual(status_of(answer), 421)
            body = otlp.traces_request(make_trace(1))
            more = f"Content-Type: application/x-protobuf\r\nContent-Length: {len(body)}\r\n"
            answer = ask(self.server, "otlp_http", self.head("POST /v1/traces HTTP/1.1", host, more) + body)
            self.assertEqual(status_of(answer), 421)
            socket_head = (
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://{host}\r\n"
            )
            line = "GET /api/v1/observability/ws/metrics HTTP/1.1"
            self.assertEqual(status_of(ask(self.server, "http", self.head(line, host, socket_head))), 421)
        self.assertEqual(self.server.list_traces()["total"], 1)
        self.assertGreater(self.server.losses()["request_foreign"], 30)

    def test_own_names_are_served(self) -> None:
        for host in ("localhost", "localhost:1", "127.0.0.1", "[::1]:8000", "10.9.8.7", "x.localhost"):
            with self.subTest(host=host):
                self.assertEqual(status_of(ask(self.server, "http", self.head("GET /healthz HTTP/1.1", host))), 200)

    def test_configured_names_are_served(self) -> None:
        self.server.stop()
        self.server.settings["allowed_hosts"] = "ops.example,sightline"
        self.server.start()
        for host, status in (("ops.example", 200), ("Sightline:80", 200), ("evil.example", 421)):
            self.assertEqual(
                status_of(ask(self.server, "http", self.head("GET /healthz HTTP/1.1", host))), status
            )

    def test_pages_of_other_sites_cannot_make_it_work(self) -> None:
        line = f"GET {LIST}?q=costly HTTP/1.1"
        for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
            more = f"Sec-Fetch-Site: {site}\r\n"
            self.assertEqual(status_of(ask(self.server, "http", self.head(line, "localhost", more))), status)
        followed = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
        self.assertEqual(status_of(ask(self.server, "http", self.head(line, "localhost", followed))), 403)
        answer = ask(self.server, "http", self.head("GET /healthz HTTP/1.1", "localhost", followed))
        self.assertEqual(status_of(answer), 200)

    def test_every_answer_tells_browsers_what_they_may_do(self) -> None:
        for port, line in (
            ("http", f"GET {LIST} HTTP/1.1"),
            ("http", "GET /metrics HTTP/1.1"),
            ("http", "GET / HTTP/1.1"),
            ("http", "GET /no/such HTTP/1.1"),
            ("http", "GET /api/none HTTP/1.1"),
            ("http", "DELETE /healthz HTTP/1.1"),
            ("http", "rubbish"),
            ("otlp_http", "POST /v1/traces HTTP/1.1"),
        ):
            with self.subTest(line=line):
                answer = ask(self.server, port, self.head(line, "localhost")).lower()
                self.assertIn(b"x-content-type-options: nosniff\r\n", answer)
                self.assertIn(b"cross-origin-resource-policy: same-origin\r\n", answer)
                policy = re.search(rb"content-security-policy: ([^\r]*)", answer)
                self.assertIsNotNone(policy)
                self.assertIn(b"form-action", policy.group(1))
                self.assertEqual(answer.count(b"x-content-type-options"), 1)


class SmugglingTest(DoorsTest):
    HIDDEN = b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"

    def test_what_is_not_plainly_one_request_ends_the_connection(self) -> None:
        head = b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        chunked = b"Transfer-Encoding: chunked\r\n"
        cases = (
            head + b"Transfer-Encoding: xchunked\r\n\r\n",
            head + b"Transfer-Encoding: identity\r\n\r\n",
            head + b"Transfer-Encoding: gzip\r\n\r\n",
            head + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            head + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            head + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
            head + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            head + b"Transfer-Encoding:\x0cchunked\r\n\r\n0\r\n\r\n",
            head + chunked + chunked + b"\r\n0\r\n\r\n",
            head + chunked + b"Content-Length: 4\r\n\r\n0\r\n\r\n",
            head + b"Content-Length: 4\r\n" + chunked + b"\r\n0\r\n\r\n",
            head + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
            head + b"Content-Length: 0,0\r\n\r\n",
            head + b"Content-Length: +0\r\n\r\n",
            head + b"Host: localhost\r\n\r\n",
            head + b"X: a\r\n b\r\n\r\n",
            head + b"X: a\nContent-Length: 0\r\n\r\n",
            head + b"X: a\rContent-Length: 0\r\n\r\n",
            head + b"X: a\0\r\n\r\n",
            head + chunked + b"\r\n0\n\n",
            head + chunked + b"\r\n0;x=\"\n\"\r\n\r\n",
            head + chunked + b"\r\n 0\r\n\r\n",
            head + chunked + b"\r\n0x0\r\n\r\n",
            head + chunked + b"\r\n0\r\n X: y\r\n\r\n",
            b"POST /v1/traces HTTP/1.0\r\n" + chunked + b"\r\n0\r\n\r\n",
            b"POST /v1/traces HTTP/2.0\r\nHost: localhost\r\n\r\n",
            b"POST http://evil.example/v1/traces HTTP/1.1\r\nHost: localhost\r\n\r\n",
        )
        for port in HTTP_PORTS:
            for case in cases:
                with self.subTest(port=port, case=case):
                    answer = ask(self.server, port, case + self.HIDDEN)
                    self.assertIn(status_of(answer), (400, 501), answer)
                    self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d{3} ", answer)), 1, answer)
                    self.assertIn(b"connection: close", answer.lower())
        self.still_serves()


class TextTest(DoorsTest):
    def parameters(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each parameter of each GET of the contract with its path."""
        contract = yaml.safe_load((REPOSITORY / "api/openapi.yaml").read_text())

        def resolved(item: dict[str, Any]) -> dict[str, Any]:
            while "$ref" in item:
                place: Any = contract
                for name in item["$ref"].removeprefix("#/").split("/"):
                    place = place[name]
                item = place
            return item

        for path, operations in contract["paths"].items():
            for method, operation in operations.items():
                if method == "get":
                    shared = operations.get("parameters", []) + operation.get("parameters", [])
                    for parameter in shared:
                        yield path, resolved(parameter)

    def test_what_is_not_utf8_is_told_and_nothing_breaks(self) -> None:
        trace = make_trace(1)
        HttpSender(self.server).send(trace)
        ids = {"trace_id": trace[0].trace_id.hex(), "span_id": trace[0].span_id.hex()}
        tried = 0
        for path, parameter in self.parameters():
            name, place = parameter["name"], parameter["in"]
            if place not in ("path", "query"):
                continue
            for text in ("%ff%fe", "caf%c3", "%ed%a0%80", "%c0%80"):
                with self.subTest(path=path, name=name, text=text):
                    values = {key: ids.get(key, "x") for key in re.findall(r"{(\w+)}", path)}
                    query = f"?{name}={text}" if place == "query" else ""
                    if place == "path":
                        values[name] = text
                    answer = self.server.get(path.format(**values) + query)
                    tried += 1
                    if place == "path":
                        self.assertIn(answer.status, (400, 404), answer.body)
                    else:
                        self.assertEqual(answer.status, 400, answer.body)
                        self.assertIn(name, answer.json()["detail"])
                    self.assertTrue(answer.json()["detail"])
        self.assertGreater(tried, 60)
        self.assertEqual(self.server.get(LIST + "?%ff=x").status, 400)
        self.assertEqual(self.server.get("/%ff%fe").status, 400)
        self.still_serves()


class AnnouncementTest(DoorsTest):
    def test_bytes_that_are_only_announced_stop_nobody(self) -> None:
        head = b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
        with contextlib.ExitStack() as open_connections:
            for _ in range(4):
                connection = open_connections.enter_context(connect(self.server, "otlp_http"))
                connection.sendall(head + b"Content-Length: 67108864\r\n\r\n\x0a")
            wait_until(
                lambda: self.server.metrics()["sightline_ingest_in_flight_bytes"] == 4, SECONDS, "charged"
            )
            senders = [HttpSender(self.server), GrpcSender(self.server)]
            for _ in range(50):
                for sender in senders:
                    self.assertIs(sender.send(make_trace(3)), Fate.ACKNOWLEDGED)
            for sender in senders:
                sender.close()
        self.assertEqual(self.server.losses()["request_pushed_back"], 0)

    def test_senders_wait_for_room_before_they_are_refused(self) -> None:
        self.server.stop()
        self.server.settings["max_in_flight_bytes"] = MEGABYTE
        self.server.start()
        head = b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
        with connect(self.server, "otlp_http") as holder:
            # Charged and unfinished: the budget is used up as long as this stays.
            holder.sendall(head + b"Content-Length: 2097152\r\n\r\n" + b"\x0a" * MEGABYTE)
            wait_until(
                lambda: self.server.metrics()["sightline_ingest_in_flight_bytes"] >= MEGABYTE,
                SECONDS,
                "charged",
            )
            for sender in (HttpSender(self.server), GrpcSender(self.server)):
                begun = time.monotonic()
                self.assertIs(sender.send(make_trace(3)), Fate.REFUSED)
                self.assertGreater(time.monotonic() - begun, 0.9)
                sender.close()
        self.still_serves()

    def test_grpc_calls_whose_message_does_not_come_are_limited(self) -> None:
        channel = grpc.insecure_channel(f"127.0.0.1:{self.server.ports['otlp_grpc']}")
        self.addCleanup(channel.close)

        is_over = threading.Event()
        self.addCleanup(is_over.set)

        def silence() -> Iterator[bytes]:
            is_over.wait(self.deadline_seconds)
            yield b""

        calls = [channel.stream_unary(EXPORT_METHOD).future(silence()) for _ in range(300)]
        self.addCleanup(lambda: [call.cancel() for call in calls])
        self.still_serves()

    def test_grpc_messages_of_other_compressions_are_refused(self) -> None:
        def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
            return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

        def field(name: bytes, value: bytes) -> bytes:
            return bytes([0, len(name)]) + name + bytes([len(value)]) + value

        for encoding, beginning in (
            (b"zstd", b"\x28\xb5\x2f\xfd"),
            (b"snappy", b"\xff\x06\x00\x00sNaPpY"),
        ):
            head = b"".join(
                field(name, value)
                for name, value in (
                    (b":method", b"POST"),
                    (b":scheme", b"http"),
                    (b":path", EXPORT_METHOD.encode()),
                    (b":authority", b"localhost"),
                    (b"content-type", b"application/grpc"),
                    (b"te", b"trailers"),
                    (b"grpc-encoding", encoding),
                )
            )
            with self.subTest(encoding=encoding), connect(self.server, "otlp_grpc") as connection:
                message = grpc_frame(beginning + b"rest", is_compressed=True)
                connection.sendall(HTTP2_HELLO + frame(1, 4, 1, head) + frame(0, 1, 1, message))
                received = b""
                # Fields that the server sends for the first time are plain text.
                while not re.search(rb"grpc-status(\x01\d|\x02\d\d)", received):
                    part = connection.recv(65536)
                    self.assertTrue(part, received)
                    received += part
                self.assertIn(b"grpc-status\x0212", received)
                self.assertIn(b"grpc-accept-encoding", received)
        self.assertNotIn("hpack", self.server.log())
        self.still_serves()

    def test_grpc_calls_with_many_metadata_entries_are_refused(self) -> None:
        channel = grpc.insecure_channel(f"127.0.0.1:{self.server.ports['otlp_grpc']}")
        self.addCleanup(channel.close)
        for entries, is_served in ((10, True), (100, False), (5000, False)):
            metadata = [(f"key-{number}", "x") for number in range(entries)]
            message = otlp.traces_request(make_trace(1))
            try:
                channel.unary_unary(EXPORT_METHOD)(message, timeout=SECONDS, metadata=metadata)
                self.assertTrue(is_served, entries)
            except grpc.RpcError as error:
                self.assertFalse(is_served, entries)
                # The library may close the connection while so many are still being written.
                cut_off = [grpc.StatusCode.UNAVAILABLE] if entries == 5000 else []
                self.assertIn(error.code(), [grpc.StatusCode.RESOURCE_EXHAUSTED, *cut_off])
        self.still_serves()


class ConnectionsTest(FaultTest):
    deadline_seconds = 120

    def open_idle(self, server: Server, port: str, count: int, hello: bytes) -> list[socket.socket]:
        """Connections that say hello and no more; the server may have closed some."""
        connections = []
        for _ in range(count):
            try:
                connection = connect(server, port)
                connection.sendall(hello)
            except OSError:
                continue
            connections.append(connection)
        return connections

    def count_closed(self, connections: list[socket.socket]) -> int:
        closed = 0
        for connection in connections:
            connection.setblocking(False)
            try:
                while part := connection.recv(4096):
                    pass
                closed += part == b""
            except BlockingIOError:
                pass
            except OSError:
                closed += 1
        return closed

    def test_idle_connections_leave_files_to_the_store(self) -> None:
        wanted = 6000
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        if limits[1] != resource.RLIM_INFINITY and limits[1] < wanted + 500:
            self.skipTest(f"this process may open only {limits[1]} files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted + 500, limits[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        command = [BINARY, "serve", "--data-dir", str(self.directory / "data"), "--seal-seconds=1"]
        for name in ("port", "otlp-grpc-port", "otlp-http-port"):
            command.append(f"--{name}=0")
        server = self.new_server()
        with open(server.log_path, "ab") as log:
            server.process = subprocess.Popen(
                ["bash", "-c", 'ulimit -n 1024; exec "$@"', "bash", *command],
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        server.wait_until_ready()
        for port, hello in (("otlp_http", b""), ("http", b"GET / HT"), ("otlp_grpc", HTTP2_HELLO)):
            with self.subTest(port=port):
                connections = self.open_idle(server, port, wanted, hello)
                try:
                    opened = len(connections)
                    wait_until(
                        lambda: wanted - opened + self.count_closed(connections) > wanted - 400,
                        SECONDS,
                        "the server closes what is over its limit",
                    )
                    # Other ports, the journal and the store go on.
                    if port != "otlp_grpc":
                        sender: Any = GrpcSender(server)
                    else:
                        sender = HttpSender(server)
                    self.assertIs(sender.send(make_trace(3)), Fate.ACKNOWLEDGED)
                    sender.close()
                    self.assertIsNone(server.process.poll(), server.log())
                finally:
                    for connection in connections:
                        connection.close()

                def serves_again() -> bool:
                    trace = make_trace(2)
                    for sender in (HttpSender(server), GrpcSender(server)):
                        try:
                            if sender.send(trace) is not Fate.ACKNOWLEDGED:
                                return False
                        finally:
                            sender.close()
                    try:
                        return server.trace(trace[0].trace_id)["span_count"] == 2
                    except OSError:
                        return False

                wait_until(serves_again, SECONDS, "served again")
        self.assertGreater(server.losses()["connection_refused"], wanted)
        self.assertEqual(server.stop(), 0)


class SignalTest(FaultTest):
    def test_a_reader_of_the_log_that_goes_away_ends_nothing(self) -> None:
        server = self.new_server(log_level="debug", max_in_flight_bytes=MEGABYTE)
        command = [BINARY, "serve", "--data-dir", str(server.data_dir)]
        command += [f"--{name}=0" for name in ("port", "otlp-grpc-port", "otlp-http-port")]
        reader, writer = os.pipe()
        server.process = subprocess.Popen(
            command, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=writer, stderr=writer
        )
        os.close(writer)
        server.wait_until_ready()
        os.close(reader)
        for _ in range(3):
            server.process.send_signal(signal.SIGHUP)
        self.assertEqual(server.get("/healthz").status, 200)
        # Its last line goes to nobody, and it stops as ever.
        self.assertEqual(server.stop(), 0)

    def test_a_terminal_that_goes_away_ends_nothing(self) -> None:
        server = self.start_server()
        server.process.send_signal(signal.SIGHUP)
        server.process.send_signal(signal.SIGPIPE)
        self.assertEqual(server.get("/healthz").status, 200)
        self.assertEqual(server.stop(), 0)

    def test_a_wrong_address_is_told_in_one_line(self) -> None:
        for address, code, expected in (
            ("nowhere", 2, "IPv4 or IPv6 address"),
            ("localhost", 2, "IPv4 or IPv6 address"),
            ("256.1.1.1", 2, "IPv4 or IPv6 address"),
            ("127.0.0.1:80", 2, "IPv4 or IPv6 address"),
            ("", 2, "IPv4 or IPv6 address"),
            ("192.0.2.1", 1, "cannot listen on 192.0.2.1:"),
            ("2001:db8::1", 1, "cannot listen on 2001:db8::1"),
        ):
            with self.subTest(address=address):
                ports = [f"--{name}=0" for name in ("port", "otlp-grpc-port", "otlp-http-port")]
                done = run_command(
                    "serve", f"--data-dir={self.directory / 'data'}", f"--listen={address}", *ports
                )
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(expected, done.stderr)


if __name__ == "__main__":
    main()
