# SPDX-License-Identifier: Apache-2.0
"""Very many names in one request, and very many runs of one span: the figures are right, every read is answered
while they are taken in, and the server ends when it is told to and starts again."""

import json
import secrets
import time

from support.cases import FaultTest, main
from support.senders import JSON, HttpSender
from support.server import Server, wait_until

OBSERVABILITY = "/api/v1/observability"


def runs_of_one_span(names: list[str]) -> bytes:
    """OTLP/JSON: for each name a run of an agent of that name, all of one moment."""
    end = time.time_ns() - 1_000_000_000
    spans = [
        {
            "traceId": secrets.token_hex(16),
            "spanId": secrets.token_hex(8),
            "name": f"invoke_agent {name}",
            "startTimeUnixNano": str(end - 1_000_000),
            "endTimeUnixNano": str(end),
            "attributes": [
                {"key": "gen_ai.operation.name", "value": {"stringValue": "invoke_agent"}},
                {"key": "gen_ai.agent.name", "value": {"stringValue": name}},
            ],
        }
        for name in names
    ]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


class ManyNamesTest(FaultTest):
    deadline_seconds = 140

    def send(self, server: Server, names: list[str]) -> None:
        sender = HttpSender(server, JSON)
        answer = sender.post(runs_of_one_span(names))
        self.assertEqual((answer.status, answer.body), (200, b"{}"))
        sender.close()

    def runs_of(self, server: Server) -> int:
        return server.get_json(f"{OBSERVABILITY}/overview")["system_health"]["total_executions"]

    def read_everything(self, server: Server) -> None:
        """Each is answered, whatever is known by now: a client waits 30 s."""
        self.assertIn("total_executions", server.get_json("/api/v1/monitoring/health"))
        self.assertLessEqual(len(server.get_json(f"{OBSERVABILITY}/traces", limit=50)["traces"]), 50)
        self.assertIn("sightline_ingest_spans_total", server.metrics())

    def test_a_request_with_60000_names_of_agents(self) -> None:
        names = [f"agent-{number}" for number in range(60_000)]
        server = self.start_server()
        self.send(server, names)
        self.read_everything(server)
        self.check_all(server, names)
        self.assertEqual(server.stop(), 0)
        server.start()
        self.check_all(server, names)

    def check_all(self, server: Server, names: list[str]) -> None:
        wait_until(lambda: self.runs_of(server) == len(names), 60, "all are in the overview")
        for name in (names[0], names[-1]):
            wait_until(
                lambda: len(server.get_json(f"{OBSERVABILITY}/traces", agent=name)["traces"]) == 1, 30, name
            )
        self.read_everything(server)

    def test_100000_runs_of_one_span_while_days_are_written(self) -> None:
        server = self.start_server(seal_rows=5_000, seal_seconds=1)
        parts = 20
        for part in range(parts):
            self.send(server, [f"agent-{number % 50}" for number in range(5_000)])
            if part % 5 == 4:
                self.read_everything(server)
        count = 5_000 * parts
        wait_until(lambda: self.runs_of(server) == count, 60, "all are counted")
        wait_until(lambda: server.metrics()["sightline_store_unsealed_rows"] == 0, 60, "all are written")
        self.assertEqual(server.stop(), 0)
        server.start()
        wait_until(lambda: self.runs_of(server) == count, 60, "all are counted after a start")
        (facet,) = server.get_json(f"{OBSERVABILITY}/facets", of="runs", fields="agent")["facets"]
        self.assertEqual(facet["total_values"], 50)
        self.assertEqual({value["count"] for value in facet["values"]}, {count // 50})
        found = server.get_json(f"{OBSERVABILITY}/traces", agent="agent-7", count="exact", limit=1)
        self.assertEqual(found["total"], count // 50)


if __name__ == "__main__":
    main()
