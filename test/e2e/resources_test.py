# SPDX-License-Identifier: Apache-2.0
"""What enhanced monitoring tells of single runs, from lifecycle events whose answers are known by hand."""

import http.client
import json
from typing import Any

from support.cases import FaultTest, main
from support.server import Answer, Server

ENHANCED = "/api/v1/enhanced-monitoring"


def at(minute: int, second: int) -> str:
    return f"2026-03-01T12:{minute:02}:{second:02}Z"


class ResourcesTest(FaultTest):
    def setUp(self) -> None:
        super().setUp()
        self.server: Server = self.start_server()

    def ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["http"], timeout=60)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def send(self, run: str, *events: dict[str, Any]) -> None:
        answer = self.ask("POST", "/api/v1/events", json.dumps([{"execution_id": run} | event for event in events]))
        self.assertEqual((answer.status, answer.json()["rejected"]), (200, []), answer.body)
        self.assertEqual(answer.json()["accepted"], len(events))

    def test_lists_the_logs_of_a_run_in_order_of_time(self) -> None:
        lines = [
            {"type": "log", "timestamp": at(0, 3), "level": "error", "message": "m" * 20_000},
            {"type": "log", "timestamp": at(0, 1), "level": "debug", "message": "one", "metadata": {"left": 1}},
            {"type": "log", "timestamp": at(0, 2), "level": "warning", "message": "two"},
        ]
        begin, end = {"type": "execution.started", "timestamp": at(0, 0)}, {"type": "execution.finished", "timestamp": at(0, 9)}
        self.send("r 1", begin, *lines, end)
        self.send("other", begin, lines[1], end)
        path = f"{ENHANCED}/logs/r%201"
        found = self.server.get_json(path)
        self.assertEqual([log["log_level"] for log in found], ["debug", "warning", "error"])
        self.assertEqual([log["message"] for log in found[:2]], ["one", "two"])
        self.assertEqual(found[0]["metadata"]["left"], 1)
        self.assertEqual(found[0]["timestamp"], "2026-03-01T12:00:01.000000Z")
        self.assertLess(len(found[2]["message"]), 20_000)
        self.assertEqual(self.ask("GET", found[2]["message_url"]).body.decode(), "m" * 20_000)
        trace_id = self.server.list_traces(execution_id="r 1")["traces"][0]["trace_id"]
        self.assertEqual(self.server.get_json(f"{ENHANCED}/logs/{trace_id}"), found)
        self.assertEqual(self.server.get_json(path, log_level="warning"), found[1:])
        self.assertEqual(self.server.get_json(path, log_level="fatal"), [])
        self.assertEqual(self.ask("GET", f"{ENHANCED}/logs/nobody").status, 404)
        self.assertEqual(self.ask("GET", f"{path}?log_level=loud").status, 400)


if __name__ == "__main__":
    main()
