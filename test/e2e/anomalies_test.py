# SPDX-License-Identifier: Apache-2.0
"""Strange hours and missing telemetry, planted among hours that are alike."""

import time
from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import Server, wait_until

ANOMALIES = "/api/v1/observability/anomalies"
SECOND = 1_000_000_000
HOUR = 3600 * SECOND


class AnomaliesTest(cases.FaultTest):
    deadline_seconds = 120

    def setUp(self) -> None:
        super().setUp()
        left = HOUR - time.time_ns() % HOUR
        if left < self.deadline_seconds * SECOND:
            self.skipTest("the hour is about to end")  # It would change which hours are whole.
        self.this_hour = time.time_ns() // HOUR * HOUR

    def hour(self, back: int) -> int:
        return self.this_hour - back * HOUR

    def run_in(self, back: int, minute: int, model: str = "gpt-4o", tokens: int = 1000) -> list[otlp.Span]:
        root, call = cases.make_trace(2)
        root.name = "invoke_agent planner"
        root.attributes = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "planner",
            "gen_ai.workflow.name": "trips & more",
        }
        root.start_ns = self.hour(back) + minute * 60 * SECOND
        root.end_ns = root.start_ns + 2 * SECOND
        call.name = f"chat {model}"
        call.attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": tokens,
            "gen_ai.usage.output_tokens": 100,
        }
        call.start_ns, call.end_ns = root.start_ns, root.end_ns
        return [root, call]

    def send(self, server: Server, runs: list[list[otlp.Span]]) -> None:
        sender = HttpSender(server)
        self.assertEqual(sender.post(otlp.traces_request([span for run in runs for span in run])).status, 200)
        sender.close()
        path = "/api/v1/observability/traces?status=completed&count=exact&limit=1"
        wait_until(lambda: server.get_json(path)["total"] == len(runs), 30, "all runs are over")

    def listed(self, server: Server, **query: Any) -> dict[str, Any]:
        return server.get_json(ANOMALIES, **query)

    def test_planted_hours_are_found_and_lead_to_their_runs(self) -> None:
        server = self.start_server()
        runs = [self.run_in(back, minute) for back in range(1, 151) for minute in (10, 40)]
        runs += [self.run_in(30, minute, tokens=400_000) for minute in (20, 21)]
        self.send(server, runs)
        for place in ("memory", "disk"):
            with self.subTest(place=place):
                self.check_planted(server)
            self.assertEqual(server.stop(), 0)
            server.start()

    def check_planted(self, server: Server) -> None:
        answer = self.listed(server)
        self.assertEqual((answer["subjects"], answer["skipped_subjects"], answer["message"]), (3, 0, None))
        self.assertEqual(answer["not_judged"], [])
        self.assertEqual(answer["total"], len(answer["anomalies"]))
        found = {(a["subject"]["kind"], a["measure"]): a for a in answer["anomalies"]}
        workflow = found["workflow", "cost"]["subject"]["name"]
        for subject in ("workflow", "agent", "model"):
            anomaly = found[subject, "cost"]
            self.assertEqual(anomaly["start_time"], self.text(30))
            # Four calls of 1000 and 100 tokens at 2.50 and 10 dollars a million, two with 400,000.
            self.assertAlmostEqual(anomaly["value"], 2 * 0.0035 + 2 * 1.001, places=6)
            self.assertGreaterEqual(anomaly["score"], 0.5)
            self.assertIn(f"cost of {subject}", anomaly["reason"])
            listed = server.get(anomaly["url"]).json()
            self.assertGreaterEqual(len(listed["traces"]), 4)
            self.assertEqual(server.get_json("/api/v1/observability/traces", **anomaly["filter"]), listed)
        # Elsewhere nothing is strange, and one event is one alert.
        self.assertEqual({a["start_time"] for a in answer["anomalies"]}, {self.text(30)})

        only = self.listed(server, model="gpt-4o")
        self.assertEqual({a["subject"]["kind"] for a in only["anomalies"]}, {"model"})
        self.assertEqual(only["subjects"], self.listed(server, model="openai/gpt-4o")["subjects"])
        agents = self.listed(server, agent="planner", workflow_id=workflow)
        self.assertEqual({a["subject"]["kind"] for a in agents["anomalies"]}, {"agent", "model"})
        self.assertTrue(all(a["filter"]["workflow_id"] == workflow for a in agents["anomalies"]))
        self.assertEqual(len(self.listed(server, limit=1)["anomalies"]), 1)
        later = self.listed(server, start_time=self.text(29))
        self.assertEqual((later["total"], later["subjects"]), (0, 3))
        nobody = self.listed(server, workflow_id="nobody")
        self.assertEqual((nobody["total"], nobody["subjects"]), (0, 0))
        self.assertIn("nothing matches", nobody["message"])

    def test_too_short_a_history_is_told_with_its_hours(self) -> None:
        server = self.start_server()
        self.send(server, [self.run_in(back, minute) for back in range(1, 14) for minute in range(0, 60, 10)])
        answer = self.listed(server)
        self.assertEqual((answer["subjects"], answer["total"], answer["hours_needed"]), (3, 0, 50))
        self.assertTrue(answer["message"].startswith("not enough data: 12 of 50 hours; "), answer["message"])
        self.assertEqual({thin["subject"]["kind"] for thin in answer["not_judged"]}, {"workflow", "agent", "model"})
        for thin in answer["not_judged"]:
            hours = {measure["measure"]: measure["hours"] for measure in thin["measures"]}
            self.assertEqual(hours, dict.fromkeys(("volume", "cost", "duration", "failure_rate"), 12))

    def test_missing_telemetry_is_told(self) -> None:
        server = self.start_server()
        silent = range(5, 9)
        self.send(server, [self.run_in(back, minute) for back in range(1, 121) if back not in silent for minute in range(0, 60, 15)])
        answer = self.listed(server, agent="planner")
        missing = [a for a in answer["anomalies"] if a["kind"] == "missing_telemetry"]
        self.assertEqual({a["subject"]["kind"] for a in missing}, {"agent", "model"})
        for anomaly in missing:
            self.assertEqual((anomaly["start_time"], anomaly["end_time"]), (self.text(8), self.text(4)))
            self.assertEqual((anomaly["measure"], anomaly["value"], anomaly["expected"]), ("volume", 0, 16))
        self.assertEqual(len(missing), answer["total"], "and nothing else is strange")

    def test_bad_parameters_are_refused(self) -> None:
        server = self.start_server()
        for query in (
            {"limit": 0},
            {"limit": 1001},
            {"start_time": "yesterday"},
            {"start_time": "1996-01-01T00:00:00Z"},
            {"start_time": "2026-01-02T00:00:00Z", "end_time": "2026-01-01T00:00:00Z"},
        ):
            answer = server.get(ANOMALIES, **query)
            self.assertEqual(answer.status, 400, query)
            self.assertIn(f"bad parameter {next(iter(query))}", answer.json()["detail"])

    def text(self, back: int) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(self.hour(back) // SECOND))


if __name__ == "__main__":
    cases.main()
