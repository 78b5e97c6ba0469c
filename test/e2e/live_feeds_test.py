# SPDX-License-Identifier: Apache-2.0
"""The live feeds as a browser sees them: WebSocket by a real client library, SSE over plain HTTP."""

import asyncio
import contextlib
import http.client
import json
import os
import socket
import time
from typing import Any, AsyncIterator, Iterator

import websockets
from websockets.client import WebSocketClientProtocol, connect

from support import otlp
from support.cases import FaultTest, main, new_trace_id
from support.senders import Fate, HttpSender
from support.server import wait_until

FEEDS = "/api/v1/observability/ws"
STREAM = "/api/v1/observability/metrics/stream"
AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "triage"}
TOOL = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"}
ROOT_ID = (1).to_bytes(8, "big")


def root(trace_id: bytes, has_error: bool = False) -> otlp.Span:
    now = time.time_ns()
    return otlp.Span(trace_id, ROOT_ID, "agent", b"", now - 10**9, now, AGENT, has_error)


def step(trace_id: bytes, number: int) -> otlp.Span:
    now = time.time_ns()
    return otlp.Span(trace_id, number.to_bytes(8, "big"), "tool", ROOT_ID, now - 10**6, now, TOOL)


def pending(trace_id: bytes, span: otlp.Span) -> otlp.Span:
    """The sign that `span` has started, in the form that Logfire sends."""
    attributes = span.attributes | {
        "logfire.span_type": "pending_span",
        "logfire.pending_parent_id": (span.parent_span_id or bytes(8)).hex(),
    }
    return otlp.Span(
        trace_id, os.urandom(8), span.name, span.span_id, span.start_ns, span.start_ns, attributes
    )


class LiveFeedsTest(FaultTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.start_server()

    def send(self, *spans: otlp.Span) -> None:
        sender = HttpSender(self.server)
        self.assertIs(sender.send(list(spans)), Fate.ACKNOWLEDGED)
        sender.close()

    @contextlib.asynccontextmanager
    async def feed(self, path: str, **options: Any) -> AsyncIterator[WebSocketClientProtocol]:
        url = f"ws://127.0.0.1:{self.server.ports['http']}{FEEDS}{path}"
        async with connect(url, open_timeout=20, **options) as client:
            yield client

    async def next(self, client: WebSocketClientProtocol, kind: str) -> dict[str, Any]:
        """The next message of a kind; others are passed over."""
        while True:
            message = json.loads(await asyncio.wait_for(client.recv(), 20))
            if message["type"] == kind:
                return message

    async def close_code(self, client: WebSocketClientProtocol) -> int:
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await asyncio.wait_for(client.recv(), 20)
        return client.close_code

    # /ws/metrics

    def test_metrics_come_at_once_and_when_something_changes(self) -> None:
        async def scenario() -> None:
            async with self.feed("/metrics") as client:
                initial = json.loads(await asyncio.wait_for(client.recv(), 20))
                self.assertEqual(initial["type"], "initial")
                self.assertEqual(initial["data"]["health"]["total_executions"], 0)
                self.assertEqual(initial["data"]["health"]["health_status"], "healthy")
                trace_id = new_trace_id()
                await asyncio.to_thread(self.send, step(trace_id, 2))
                while True:
                    update = await self.next(client, "update")
                    if update["data"]["real_time"]["running_executions"] == 1:
                        break
                await asyncio.to_thread(self.send, root(trace_id, has_error=True))
                while True:
                    update = await self.next(client, "update")
                    if update["data"]["health"]["failed_executions"] == 1:
                        break
                self.assertEqual(update["data"]["real_time"]["failed_executions_last_hour"], 1)
                self.assertEqual(update["data"]["real_time"]["running_executions"], 0)

        asyncio.run(scenario())

    def test_updates_are_coalesced(self) -> None:
        async def scenario() -> None:
            async with self.feed("/metrics") as client:
                await self.next(client, "initial")
                start = time.monotonic()
                for _ in range(60):
                    await asyncio.to_thread(self.send, root(new_trace_id()))
                updates = 0
                while True:
                    update = await self.next(client, "update")
                    updates += 1
                    if update["data"]["health"]["completed_executions"] == 60:
                        break
                # Four a second, and the one that was due when it began.
                self.assertLessEqual(updates, 4 * (time.monotonic() - start) + 1.5)

        asyncio.run(scenario())

    def test_rates_rise_and_fall_although_nothing_more_comes(self) -> None:
        async def scenario() -> None:
            async with self.feed("/metrics") as client:
                await self.next(client, "initial")
                await asyncio.to_thread(self.send, root(new_trace_id()))
                for is_reached in (lambda rate: rate > 0, lambda rate: rate == 0):
                    while True:
                        update = await self.next(client, "update")
                        if is_reached(update["data"]["real_time"]["spans_per_second"]):
                            break

        asyncio.run(scenario())

    def test_metrics_of_one_workflow(self) -> None:
        async def scenario() -> None:
            async with self.feed("/metrics?workflow_id=other") as client:
                await self.next(client, "initial")
                await asyncio.to_thread(self.send, root(new_trace_id()))
                update = await self.next(client, "update")
                self.assertEqual(update["data"]["health"]["total_executions"], 0)
            async with self.feed("/metrics?workflow_id=triage") as client:
                initial = await self.next(client, "initial")
                self.assertEqual(initial["data"]["health"]["total_executions"], 1)

        asyncio.run(scenario())

    def test_ping_is_answered(self) -> None:
        async def scenario() -> None:
            async with self.feed("/metrics") as client:
                await client.send('{"type":"ping"}')
                self.assertEqual(await self.next(client, "pong"), {"type": "pong"})

        asyncio.run(scenario())

    # /ws/executions/{id}

    def test_an_execution_is_followed_to_its_end(self) -> None:
        trace_id = new_trace_id()
        self.send(pending(trace_id, root(trace_id)))

        async def scenario() -> None:
            async with self.feed(f"/executions/{trace_id.hex()}") as client:
                update = await self.next(client, "status_update")
                self.assertEqual(update["status"], "running")
                self.assertIsNone(update["completed_at"])
                self.assertEqual([s["status"] for s in update["steps"]], ["running"])
                await asyncio.to_thread(self.send, step(trace_id, 2))
                update = await self.next(client, "status_update")
                self.assertEqual(
                    [(s["kind"], s["status"]) for s in update["steps"]],
                    [("agent", "running"), ("tool", "completed")],
                )
                await asyncio.to_thread(self.send, root(trace_id))
                update = await self.next(client, "status_update")
                self.assertEqual(update["status"], "completed")
                self.assertGreater(update["execution_time"], 0)
                self.assertEqual(await self.close_code(client), 1000)

        asyncio.run(scenario())

    def test_a_run_that_is_over_is_told_and_closed(self) -> None:
        trace_id = new_trace_id()
        self.send(root(trace_id, has_error=True))

        async def scenario() -> None:
            async with self.feed(f"/executions/{trace_id.hex()}") as client:
                update = await self.next(client, "status_update")
                self.assertEqual(update["status"], "failed")
                self.assertEqual(await self.close_code(client), 1000)

        asyncio.run(scenario())

    def test_an_unknown_execution_is_refused(self) -> None:
        async def scenario() -> None:
            async with self.feed(f"/executions/{new_trace_id().hex()}") as client:
                error = await self.next(client, "error")
                self.assertIn("not known", error["message"])
                self.assertEqual(await self.close_code(client), 1008)

        asyncio.run(scenario())

    def test_an_execution_can_be_waited_for(self) -> None:
        trace_id = new_trace_id()

        async def scenario() -> None:
            async with self.feed(f"/executions/{trace_id.hex()}?wait=1") as client:
                await asyncio.to_thread(self.send, step(trace_id, 2))
                update = await self.next(client, "status_update")
                self.assertEqual(update["status"], "running")

        asyncio.run(scenario())

    def test_a_run_goes_on_after_a_restart(self) -> None:
        trace_id = new_trace_id()
        other_id = new_trace_id()
        self.send(pending(trace_id, root(trace_id)), step(trace_id, 2))
        self.send(root(other_id))

        def health() -> dict[str, Any]:
            return self.server.get_json("/api/v1/monitoring/health")

        wait_until(lambda: health()["total_executions"] == 2, 10, "both runs to be counted")
        before = health()
        # Once by a crash, with everything in the journal, once with everything in a day folder.
        for restart in ("kill", "stop"):
            getattr(self.server, restart)()
            self.server.start()
            wait_until(lambda: not health()["is_catching_up"], 10, "the last day to be read")
            self.assertEqual(health(), before, restart)

        async def scenario() -> None:
            async with self.feed(f"/executions/{trace_id.hex()}") as client:
                update = await self.next(client, "status_update")
                self.assertEqual(
                    [(s["kind"], s["status"]) for s in update["steps"]],
                    [("agent", "running"), ("tool", "completed")],
                )
                await asyncio.to_thread(self.send, root(trace_id))
                while update["status"] == "running":
                    update = await self.next(client, "status_update")
                self.assertEqual(update["status"], "completed")

        asyncio.run(scenario())

    # /ws/traces/{id}

    def test_spans_of_a_trace_come_as_they_arrive(self) -> None:
        trace_id = new_trace_id()
        self.send(step(trace_id, 2))

        async def scenario() -> None:
            async with self.feed(f"/traces/{trace_id.hex()}") as client:
                await self.next(client, "initial")
                await asyncio.to_thread(
                    self.send, step(trace_id, 3), step(new_trace_id(), 4), pending(trace_id, root(trace_id))
                )
                # The step before is among them if live state took it in after the feed began.
                spans = []
                while not spans or spans[-1]["span_id"] != ROOT_ID.hex():
                    spans += (await self.next(client, "spans"))["spans"]
                self.assertEqual(
                    [(s["span_id"], s["status"], s["duration"] is None) for s in spans if s["span_id"][-1] != "2"],
                    [("0" * 15 + "3", "completed", False), (ROOT_ID.hex(), "running", True)],
                )
                await asyncio.to_thread(self.send, root(trace_id))
                trace = await self.next(client, "trace")
                while trace["status"] == "running":
                    trace = await self.next(client, "trace")
                self.assertEqual(trace["status"], "completed")

        asyncio.run(scenario())

    # /metrics/stream

    @contextlib.contextmanager
    def stream(self, query: str = "") -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["http"], timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", STREAM + query, headers={"Accept": "text/event-stream"})
            yield connection.getresponse()

    @staticmethod
    def next_event(response: http.client.HTTPResponse) -> dict[str, str]:
        """The fields of the next event that has data."""
        fields: dict[str, str] = {}
        while True:
            line = response.readline().decode().rstrip("\n")
            if line == "" and "data" in fields:
                return fields
            name, _, value = line.partition(": ")
            fields[name] = value

    def test_the_stream_tells_all_figures_at_its_interval(self) -> None:
        with self.stream("?interval_ms=250") as response:
            self.assertEqual(response.headers["Content-Type"].split(";")[0], "text/event-stream")
            first = self.next_event(response)
            self.assertEqual(first["retry"], "5000")
            self.assertEqual(first["id"], "1")
            data = json.loads(first["data"])
            self.assertEqual(
                set(data),
                {"timestamp", "real_time", "health", "workflow_metrics", "enhanced_metrics"},
            )
            self.send(root(new_trace_id()))
            event = first
            while json.loads(event["data"])["health"]["total_executions"] == 0:
                event = self.next_event(response)
            self.assertGreater(int(event["id"]), 1)

    def test_a_wrong_interval_is_refused(self) -> None:
        for query in ("?interval_ms=249", "?interval_ms=soon", "?interval_ms=-1"):
            with self.stream(query) as response:
                self.assertEqual(response.status, 400, query)
                self.assertIn("interval_ms", json.loads(response.read())["detail"])

    # What bad input gets

    def test_frames_that_are_wrong_are_answered_with_a_close_code(self) -> None:
        async def scenario() -> None:
            for message, code in ((b"\x00", 1003), ("x" * 100_000, 1009)):
                async with self.feed("/metrics") as client:
                    await client.send(message)
                    self.assertEqual(await self.close_code(client), code)
            async with self.feed("/metrics") as client:
                await client.send("hello")
                self.assertIn("ping", (await self.next(client, "error"))["message"])
                await client.send('{"type":"ping"}')
                await self.next(client, "pong")

        asyncio.run(scenario())
        with socket.create_connection(("127.0.0.1", self.server.ports["http"]), 20) as raw:
            raw.sendall(
                f"GET {FEEDS}/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
            )
            received = b""
            while b'"type":"initial"' not in received:
                received += raw.recv(65536)
            raw.sendall(b"\x8f\x80\x00\x00\x00\x00")  # A reserved opcode.
            received = b""
            while chunk := raw.recv(65536):
                received += chunk
        self.assertIn(b"\x88", received)
        self.assertIn((1002).to_bytes(2, "big"), received)
        losses = self.server.losses()
        self.assertEqual(losses["subscriber_message_malformed"], 3)
        self.assertEqual(losses["subscriber_message_unknown"], 1)

    def test_a_plain_request_is_told_to_upgrade(self) -> None:
        answer = self.server.get(f"{FEEDS}/metrics")
        self.assertEqual(answer.status, 426)
        self.assertEqual(answer.headers["Upgrade"], "websocket")

    def test_a_foreign_page_may_not_connect(self) -> None:
        async def scenario() -> None:
            with self.assertRaises(websockets.InvalidStatusCode) as raised:
                async with self.feed("/metrics", origin="https://evil.example"):
                    pass
            self.assertEqual(raised.exception.status_code, 403)
            own = f"http://127.0.0.1:{self.server.ports['http']}"
            async with self.feed("/metrics", origin=own) as client:
                await self.next(client, "initial")

        asyncio.run(scenario())

    def test_a_flood_of_subscriptions_is_refused(self) -> None:
        self.server.stop()
        self.server.settings["max_subscriptions_per_address"] = 5
        self.server.start()

        async def scenario() -> None:
            async with contextlib.AsyncExitStack() as open_feeds:
                for _ in range(5):
                    await open_feeds.enter_async_context(self.feed("/metrics"))
                with self.assertRaises(websockets.InvalidStatusCode) as raised:
                    async with self.feed("/metrics"):
                        pass
                self.assertEqual(raised.exception.status_code, 429)
                self.assertEqual(raised.exception.headers["Retry-After"], "5")
            self.assertEqual(self.server.losses()["subscription_refused"], 1)

        asyncio.run(scenario())

    def test_who_leaves_without_a_word_leaves_no_watch(self) -> None:
        trace_id = new_trace_id()
        self.send(step(trace_id, 2))  # Its root has not come: it goes on.

        def figures() -> tuple[float, float]:
            metrics = self.server.metrics()
            return metrics["sightline_live_subscriptions"], metrics["sightline_live_watched"]

        async def scenario() -> None:
            for _ in range(10):
                paths = (f"/executions/{trace_id.hex()}", f"/executions/{new_trace_id().hex()}?wait=1", f"/traces/{trace_id.hex()}")
                async with contextlib.AsyncExitStack() as open_feeds:
                    clients = [await open_feeds.enter_async_context(self.feed(path)) for path in paths]
                    await self.next(clients[0], "status_update")
                    self.assertGreaterEqual((await asyncio.to_thread(figures))[1], 2)
                    for client in clients:
                        client.transport.abort()

        asyncio.run(scenario())
        wait_until(lambda: figures() == (0, 0), 30, "the end of all watches")

    def test_a_client_that_stops_reading_delays_nobody_and_is_told(self) -> None:
        async def scenario() -> None:
            trace_id = new_trace_id()
            await asyncio.to_thread(self.send, *(step(trace_id, i) for i in range(2, 400)))
            # It reads one message and then nothing, with little room on the way.
            stalled = socket.socket()
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stalled.connect(("127.0.0.1", self.server.ports["http"]))
            async with self.feed(
                f"/executions/{trace_id.hex()}", sock=stalled, max_queue=1, read_limit=1024
            ) as slow, self.feed(f"/executions/{trace_id.hex()}") as quick:
                await self.next(quick, "status_update")
                number = 400
                while self.server.losses()["subscriber_skipped"] == 0:
                    await asyncio.to_thread(self.send, step(trace_id, number))
                    update = await self.next(quick, "status_update")
                    number += 1
                    self.assertLess(number, 900, "the stalled client was never behind")
                self.assertGreater(len(update["steps"]), 398)
                self.assertNotIn("skipped", update)
                # Once it reads again it gets the newest state and hears what it missed.
                while "skipped" not in (late := await self.next(slow, "status_update")):
                    pass
                self.assertGreaterEqual(late["skipped"], 1)

        asyncio.run(scenario())


if __name__ == "__main__":
    main()
