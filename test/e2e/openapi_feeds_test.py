# SPDX-License-Identifier: Apache-2.0
"""Holds the messages of the live feeds, WebSocket and SSE, to api/openapi.yaml. What the feeds do
under load and with slow clients is live_feeds_test.py's."""

import asyncio
import contextlib
import http.client
import json
import secrets
import unittest
from collections.abc import AsyncIterator
from typing import Any

import websockets
from websockets.client import WebSocketClientProtocol, connect

from support.contract import Operation
from support.contract_case import PAGED_SERVICE, Answer, Request, ServerTest
from support.specimen import Specimen

SECONDS = 20
ROOT = "/api/v1/observability"
STREAM = f"{ROOT}/metrics/stream"

# Only a client that reads too slowly gets to know that it missed something.
NEVER_SEEN = {
    (message, "skipped")
    for message in ("MetricsMessage", "StatusUpdate", "TraceFeedStart", "TraceFeedSpans", "TraceFeedState")
}


class FeedsTest(ServerTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.covered: set[str] = set()

    @contextlib.asynccontextmanager
    async def feed(self, path: str, request: Request) -> AsyncIterator[WebSocketClientProtocol]:
        url = f"ws://127.0.0.1:{self.server.ports['http']}{request.target(path)}"
        async with connect(url, open_timeout=SECONDS) as client:
            self.assertRegex(client.response_headers["X-Request-Id"], "^[A-Za-z0-9._:-]{1,128}$")
            yield client

    async def next(self, path: str, client: WebSocketClientProtocol) -> dict[str, Any]:
        """The next message, held to the document."""
        operation = self.operation(path)
        message = json.loads(await asyncio.wait_for(client.recv(), SECONDS))
        self.check_message(operation, message)
        return message

    def check_message(self, operation: Operation, message: dict[str, Any]) -> None:
        schema = self.contract.messages(operation)
        faults = self.contract.faults(f"{operation} message", schema, message)
        self.assertEqual(faults, [], str(message)[:300])
        self.covered.add(operation.path)

    async def until(self, path: str, client: WebSocketClientProtocol, **fields: Any) -> dict[str, Any]:
        """The next message that has all these values."""
        while True:
            message = await self.next(path, client)
            if message | fields == message:
                return message

    async def ping_and_nonsense(self, path: str, client: WebSocketClientProtocol) -> None:
        await client.send('{"type": "ping"}')
        await self.until(path, client, type="pong")
        for nonsense in ("{", "[]", '{"type": "subscribe"}'):
            await client.send(nonsense)
            await self.until(path, client, type="error")

    async def post(self, *events: dict[str, Any]) -> None:
        await asyncio.to_thread(self.post_events, list(events))

    def test_metrics(self) -> None:
        path = f"{ROOT}/ws/metrics"

        async def scenario() -> None:
            async with self.feed(path, Request()) as client:
                self.assertEqual((await self.next(path, client))["type"], "initial")
                await self.post({"type": "execution.started", "execution_id": secrets.token_hex(8)})
                await self.until(path, client, type="update")
                await self.ping_and_nonsense(path, client)

        asyncio.run(scenario())

    def test_an_execution_from_before_its_start_to_its_end(self) -> None:
        path = f"{ROOT}/ws/executions/{{execution_id}}"
        run = secrets.token_hex(8)

        async def scenario() -> None:
            async with self.feed(path, Request({"execution_id": run}, {"wait": 1})) as client:
                await self.ping_and_nonsense(path, client)
                await self.post({"type": "execution.started", "execution_id": run})
                update = await self.until(path, client, type="status_update", status="running")
                self.assertEqual((update["execution_id"], update["completed_at"]), (run, None))
                step = {"execution_id": run, "step_id": "s", "step_name": "find", "kind": "tool"}
                await self.post({"type": "step.started", "agent_id": "a"} | step)
                while not update["steps"]:
                    update = await self.next(path, client)
                await self.post({"type": "step.finished", "error_message": "lost"} | step)
                while update["steps"][-1]["status"] == "running":
                    update = await self.next(path, client)
                self.assertEqual(update["steps"][-1]["error_message"], "lost")
                await self.post({"type": "execution.finished", "execution_id": run})
                await self.until(path, client, type="status_update", status="completed")
                with self.assertRaises(websockets.ConnectionClosed):
                    await self.next(path, client)
                self.assertEqual(client.close_code, 1000)

        asyncio.run(scenario())

    def test_an_execution_with_signs_of_trouble(self) -> None:
        path = f"{ROOT}/ws/executions/{{execution_id}}"

        async def scenario() -> None:
            request = Request({"execution_id": self.specimen.open_run_id})
            async with self.feed(path, request) as client:
                while not (await self.next(path, client))["signs"]:
                    pass

        asyncio.run(scenario())

    def test_an_unknown_execution(self) -> None:
        path = f"{ROOT}/ws/executions/{{execution_id}}"

        async def scenario() -> None:
            async with self.feed(path, Request({"execution_id": "nobody"})) as client:
                self.assertEqual((await self.next(path, client))["type"], "error")
                with self.assertRaises(websockets.ConnectionClosed):
                    await self.next(path, client)
                self.assertEqual(client.close_code, 1008)

        asyncio.run(scenario())

    def test_a_trace_as_it_grows(self) -> None:
        path = f"{ROOT}/ws/traces/{{trace_id}}"
        run = secrets.token_hex(8)
        step = {"execution_id": run, "step_id": "s", "kind": "llm"}
        call = {"provider": "openai", "model": "gpt-4o", "input_tokens": 10, "output_tokens": 2}

        async def scenario() -> None:
            await self.post({"type": "execution.started", "execution_id": run})
            async with self.feed(path, Request({"trace_id": run})) as client:
                start = await self.next(path, client)
                self.assertEqual(start["type"], "initial")
                await self.post({"type": "step.started"} | step)
                spans = await self.until(path, client, type="spans", trace_id=start["trace_id"])
                self.assertEqual(spans["spans"][0]["status"], "running")
                long_message = "lost " * 4000
                finish = {"type": "step.finished", "agent_id": "a", "error_message": long_message}
                await self.post(finish | step, {"type": "llm.call"} | step | call)
                while spans["spans"][0]["status"] == "running":
                    spans = await self.until(path, client, type="spans")
                await self.until(path, client, type="trace", failed_steps=1)
                await self.ping_and_nonsense(path, client)

        asyncio.run(scenario())

    def test_a_trace_that_is_not_known_yet(self) -> None:
        path = f"{ROOT}/ws/traces/{{trace_id}}"
        specimen = Specimen()

        async def scenario() -> None:
            async with self.feed(path, Request({"trace_id": specimen.trace_id})) as client:
                self.assertEqual((await self.next(path, client))["type"], "initial")
                await asyncio.to_thread(self.send_otlp, "/v1/traces", specimen.traces())
                spans = await self.until(path, client, type="spans")
                self.assertEqual(len(spans["spans"]), 6)
                await self.until(path, client, type="trace", status="failed")

        asyncio.run(scenario())

    def test_the_stream(self) -> None:
        operation = self.operation(STREAM)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["http"], timeout=SECONDS)
        self.addCleanup(connection.close)
        request = Request(query={"interval_ms": 250, "workflow_id": f"{PAGED_SERVICE}/run 5"})
        connection.request("GET", request.target(STREAM))
        response = connection.getresponse()
        self.assertEqual((response.status, response.headers["Content-Type"]), (200, "text/event-stream"))
        self.assertRegex(response.headers["X-Request-Id"], "^[A-Za-z0-9._:-]{1,128}$")
        ids: list[str] = []
        names: set[str] = set()
        while len(ids) < 3:
            line = response.readline().decode().rstrip("\n")
            name, _, value = line.partition(": ")
            names.add(name)
            if name == "id":
                ids.append(value)
            if name == "data":
                data = json.loads(value)
                self.check_message(operation, data)
                metrics = data["workflow_metrics"]
                self.assertEqual((metrics["total_executions"], metrics["success_rate"]), (1, 100))
        self.assertEqual(ids, ["1", "2", "3"])
        self.assertEqual(names, {"retry", "id", "data", ""})

    def test_every_feed_sends_every_field_of_the_document(self) -> None:
        for scenario in (
            self.test_metrics,
            self.test_an_execution_from_before_its_start_to_its_end,
            self.test_an_execution_with_signs_of_trouble,
            self.test_an_unknown_execution,
            self.test_a_trace_as_it_grows,
            self.test_a_trace_that_is_not_known_yet,
            self.test_the_stream,
        ):
            scenario()
        feeds = {operation.path for operation in self.contract.operations() if operation.is_feed}
        self.assertEqual(feeds - self.covered, set())
        named = self.contract.fields_of_feeds()
        self.assertEqual(named - self.contract.seen - NEVER_SEEN, set(), "never sent")

    def test_pages_of_other_origins_may_not_connect(self) -> None:
        headers = {
            "Origin": "https://elsewhere.example",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        path = f"{ROOT}/ws/metrics"
        answer: Answer = self.ask("GET", path, headers)
        self.check_error(answer, 403, "origin", path)
        self.check(self.operation(path), answer, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
